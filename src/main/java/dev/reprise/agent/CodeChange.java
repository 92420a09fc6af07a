package dev.reprise.agent;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodBuilder;
import java.lang.classfile.MethodElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Changes the code of some methods of a class. These transforms are classes, not lambdas:
 * the JDK's cache of classes keeps no lambdas of their kind, and making one takes as long
 * as all else that is done to a class.
 *
 * @param change says what is done to a method that has code, null for nothing
 */
record CodeChange(Function<MethodModel, @Nullable CodeTransform> change) implements ClassTransform {

	@Override
	public void accept(ClassBuilder builder, ClassElement element) {
		if (element instanceof MethodModel method && method.code().isPresent()) {
			CodeTransform code = this.change.apply(method);
			if (code != null) {
				builder.transformMethod(method, new Body(code));
				return;
			}
		}
		builder.with(element);
	}

	private record Body(CodeTransform code) implements MethodTransform {

		@Override
		public void accept(MethodBuilder builder, MethodElement element) {
			if (element instanceof CodeModel model) {
				builder.transformCode(model, this.code);
			}
			else {
				builder.with(element);
			}
		}

	}

}
