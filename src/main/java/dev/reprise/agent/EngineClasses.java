package dev.reprise.agent;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;

import dev.reprise.agent.Points.Point;
import dev.reprise.agent.Points.Where;

/**
 * The classes of DJL 0.35.1 that calls are woven into, and where in them.
 */
final class EngineClasses {

	static final ClassDesc HOOKS = ClassDesc.of("dev.reprise.agent.Hooks");

	private static final ClassDesc OBJECT = ConstantDescs.CD_Object;

	private static final ClassDesc EXECUTOR = ClassDesc.of("java.util.concurrent.ExecutorService");

	private static final String JNI = "ai/djl/pytorch/jni/JniUtils";

	private static final Map<String, List<Point>> POINTS = Map.of("ai/djl/pytorch/engine/PtEngine",
			List.of(new Point("newInstance", "()", Where.RETURN, EngineClasses::engine),
					new Point("setRandomSeed", "(I)V", Where.ENTRY, EngineClasses::seed)),
			"ai/djl/pytorch/engine/PtGradientCollector",
			List.of(new Point("backward", "(Lai/djl/ndarray/NDArray;)V", Where.ENTRY,
					(code, method) -> object(code, 1, "backward")),
					new Point("backward", "(Lai/djl/ndarray/NDArray;)V", Where.RETURN,
							(code, method) -> code.invokestatic(HOOKS, "backwardDone", ConstantDescs.MTD_void))),
			"ai/djl/training/Trainer",
			List.of(new Point("forward", "(Lai/djl/ndarray/NDList;", Where.ENTRY, EngineClasses::forward),
					new Point("forward", "(Lai/djl/ndarray/NDList;", Where.RETURN, EngineClasses::output),
					new Point("step", "()V", Where.ENTRY, (code, method) -> object(code, 0, "stepping")),
					new Point("step", "()V", Where.RETURN, (code, method) -> object(code, 0, "stepped")),
					new Point("close", "()V", Where.ENTRY, (code, method) -> object(code, 0, "closing"))),
			"ai/djl/nn/AbstractBaseBlock",
			List.of(new Point("forward", "(Lai/djl/training/ParameterStore;Lai/djl/ndarray/NDList;", Where.RETURN,
					EngineClasses::gave)),
			"ai/djl/engine/EngineException",
			List.of(new Point("<init>", "(Ljava/lang/String;", Where.RETURN, EngineClasses::exception)),
			"ai/djl/training/dataset/DataIterable",
			List.of(new Point("<init>", "(", Where.ENTRY, EngineClasses::loader)), "ai/djl/util/cuda/CudaUtils",
			List.of(new Point("loadLibrary", "()", Where.ENTRY, EngineClasses::noCuda)));

	private static final List<Point> CHANGES = List.of(
			new Point("setNumThreads", "(", Where.RETURN, EngineClasses::changed),
			new Point("setBenchmarkCuDNN", "(", Where.RETURN, EngineClasses::changed));

	private static final Point LISTEN = new Point("*", "", Where.ENTRY, EngineClasses::listen);

	private EngineClasses() {
	}

	/**
	 * What is woven into a class, nothing where it is no such class.
	 * @param name with slashes
	 * @param warned whether the library's warnings are listened to
	 */
	static List<Point> points(String name, boolean warned) {
		if (name.equals(JNI)) {
			return warned ? List.of(CHANGES.get(0), CHANGES.get(1), LISTEN) : CHANGES;
		}
		return POINTS.getOrDefault(name, List.of());
	}

	/**
	 * Whether a class is one that must be woven.
	 * @param name with slashes
	 */
	static boolean isWatched(String name) {
		return name.equals(JNI) || POINTS.containsKey(name);
	}

	/**
	 * How many classes must be woven.
	 */
	static int watched() {
		return POINTS.size() + 1;
	}

	/**
	 * A job has no GPU, and looks for CUDA in vain, with a library unpacked and a process
	 * started for it. In a branch, since what the method's tables name must stay.
	 */
	private static void noCuda(CodeBuilder code, MethodModel method) {
		code.iconst_1().ifThen((always) -> always.aconst_null().areturn());
	}

	private static void engine(CodeBuilder code, MethodModel method) {
		code.dup().invokestatic(HOOKS, "engineReady", MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT));
	}

	private static void forward(CodeBuilder code, MethodModel method) {
		code.aload(0).aload(1).invokestatic(HOOKS, "forward", MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT, OBJECT));
	}

	/**
	 * One of the two takes whether it is called to train; the other takes labels, and is.
	 */
	private static void gave(CodeBuilder code, MethodModel method) {
		code.dup().aload(0);
		if (method.methodTypeSymbol().parameterType(2).equals(ConstantDescs.CD_boolean)) {
			code.iload(3);
		}
		else {
			code.iconst_1();
		}
		code.invokestatic(HOOKS, "gave",
				MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT, OBJECT, ConstantDescs.CD_boolean));
	}

	private static void output(CodeBuilder code, MethodModel method) {
		code.dup().invokestatic(HOOKS, "output", MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT));
	}

	private static void seed(CodeBuilder code, MethodModel method) {
		code.iload(1)
			.invokestatic(HOOKS, "seeding", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int))
			.istore(1);
	}

	private static void exception(CodeBuilder code, MethodModel method) {
		code.aload(0)
			.invokestatic(HOOKS, "engineFailed", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Throwable));
	}

	private static void changed(CodeBuilder code, MethodModel method) {
		code.invokestatic(HOOKS, "changed", ConstantDescs.MTD_void);
	}

	private static void listen(CodeBuilder code, MethodModel method) {
		code.invokestatic(HOOKS, "listen", ConstantDescs.MTD_void);
	}

	private static void object(CodeBuilder code, int slot, String hook) {
		code.aload(slot).invokestatic(HOOKS, hook, MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT));
	}

	/**
	 * Takes the executor that would prefetch out of the constructor's arguments.
	 */
	private static void loader(CodeBuilder code, MethodModel method) {
		List<ClassDesc> parameters = method.methodTypeSymbol().parameterList();
		int executor = parameters.indexOf(EXECUTOR);
		if (executor < 0) {
			throw new IllegalStateException("DataIterable takes no executor");
		}
		int slot = code.parameterSlot(executor);
		code.aload(slot).invokestatic(HOOKS, "loader", MethodTypeDesc.of(EXECUTOR, EXECUTOR)).astore(slot);
	}

}
