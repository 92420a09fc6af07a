package dev.reprise.agent;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * References to what is given a seed where it is called, such as {@code Random::new}. In
 * the place of each stands one to a method of ours, which takes the place first: as with
 * a call, that decides the seed, and how often it was come by there.
 */
final class SeededReferences {

	private static final String FACTORY = "Ljava/lang/invoke/LambdaMetafactory;";

	private static final int IMPLEMENTATION = 1;

	private static final int FLAGS = 3;

	private static final Map<String, DirectMethodHandleDesc> OURS = Map.of("Ljava/util/Random;<init>()V",
			ours("newRandom", MethodTypeDesc.of(ClassDesc.of("java.util.Random"), ConstantDescs.CD_String)),
			"Ljava/util/SplittableRandom;<init>()V",
			ours("newSplittableRandom",
					MethodTypeDesc.of(ClassDesc.of("java.util.SplittableRandom"), ConstantDescs.CD_String)),
			"Ljava/util/Collections;shuffle(Ljava/util/List;)V",
			ours("shuffle", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String, ConstantDescs.CD_List)));

	private SeededReferences() {
	}

	private static DirectMethodHandleDesc ours(String name, MethodTypeDesc type) {
		return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, EngineClasses.HOOKS, name, type);
	}

	/**
	 * Writes ours in the place of one.
	 * @return whether it is one; else nothing was written
	 */
	static boolean replace(CodeBuilder builder, InvokeDynamicInstruction dynamic, String place) {
		List<ConstantDesc> arguments = dynamic.bootstrapArgs();
		DirectMethodHandleDesc ours = ours(dynamic, arguments);
		if (ours == null) {
			return false;
		}
		ConstantDesc[] changed = arguments.toArray(ConstantDesc[]::new);
		changed[IMPLEMENTATION] = ours;
		builder.ldc(place)
			.invokedynamic(DynamicCallSiteDesc.of(dynamic.bootstrapMethod(), dynamic.name().stringValue(),
					dynamic.typeSymbol().insertParameterTypes(0, ConstantDescs.CD_String), changed));
		return true;
	}

	private static @Nullable DirectMethodHandleDesc ours(InvokeDynamicInstruction dynamic,
			List<ConstantDesc> arguments) {
		if (!dynamic.bootstrapMethod().owner().descriptorString().equals(FACTORY)
				|| !(arguments.get(IMPLEMENTATION) instanceof DirectMethodHandleDesc handle)) {
			return null;
		}
		// One that can be serialized is read back by what it is named in the class.
		if (arguments.size() > FLAGS && arguments.get(FLAGS) instanceof Integer flags
				&& (flags & java.lang.invoke.LambdaMetafactory.FLAG_SERIALIZABLE) != 0) {
			return null;
		}
		boolean constructor = handle.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR;
		return OURS.get(handle.owner().descriptorString() + (constructor ? "<init>" : handle.methodName())
				+ handle.lookupDescriptor());
	}

}
