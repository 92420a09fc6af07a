package dev.reprise.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ReturnInstruction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Weaves calls into methods that are known by name.
 */
final class Points {

	private Points() {
	}

	/**
	 * Where in a method a call is put.
	 */
	enum Where {

		ENTRY, RETURN

	}

	/**
	 * One call that is put into a method.
	 *
	 * @param method the method's name, or {@code *} for every public static one
	 * @param descriptor how its descriptor begins
	 * @param where in it
	 * @param code writes the call
	 */
	record Point(String method, String descriptor, Where where, BiConsumer<CodeBuilder, MethodModel> code) {

		boolean matches(MethodModel model) {
			if (this.method.equals("*")) {
				int open = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;
				return (model.flags().flagsMask() & open) == open;
			}
			return model.methodName().equalsString(this.method)
					&& model.methodType().stringValue().startsWith(this.descriptor);
		}

	}

	/**
	 * Weaves all points into a class.
	 * @throws IllegalStateException naming the point whose method is not there
	 */
	static byte[] weave(ClassFile files, ClassModel model, List<Point> points) {
		Set<Point> missing = new LinkedHashSet<>(points);
		byte[] woven = files.transformClass(model, new CodeChange((method) -> {
			List<Point> here = points.stream().filter((point) -> point.matches(method)).toList();
			missing.removeAll(here);
			return here.isEmpty() ? null : new Inserting(here, method);
		}));
		if (!missing.isEmpty()) {
			throw new IllegalStateException(model.thisClass().asInternalName() + " has no method "
					+ missing.iterator().next().method() + " of the form that was expected");
		}
		return woven;
	}

	private record Inserting(List<Point> points, MethodModel method) implements CodeTransform {

		@Override
		public void atStart(CodeBuilder builder) {
			insert(Where.ENTRY, builder);
		}

		@Override
		public void accept(CodeBuilder builder, CodeElement element) {
			if (element instanceof ReturnInstruction) {
				insert(Where.RETURN, builder);
			}
			builder.with(element);
		}

		private void insert(Where where, CodeBuilder builder) {
			for (Point point : this.points) {
				if (point.where() == where) {
					point.code().accept(builder, this.method);
				}
			}
		}

	}

}
