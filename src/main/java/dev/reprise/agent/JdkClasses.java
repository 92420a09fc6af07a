package dev.reprise.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import dev.reprise.agent.Points.Point;
import dev.reprise.agent.Points.Where;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the JDK that are changed: the salt of {@code Set.of} and {@code Map.of},
 * how the process ends, and which others it starts.
 */
final class JdkClasses {

	/**
	 * Requested and read back as the salt of sets and maps.
	 */
	static final String SALT = "jvm.ImmutableCollections.SALT";

	private static final String COLLECTIONS = "java/util/ImmutableCollections";

	private static final List<String> ENDS = List.of("java/lang/Shutdown", "java/lang/ProcessBuilder");

	private static final Set<String> SALTS = Set.of("SALT32L", "REVERSE");

	private static final String HOOK = "java.lang.RepriseHook";

	/**
	 * After the hooks of applications, which are the second.
	 */
	private static final int LAST_SLOT = 3;

	private static final ClassDesc CONSUMER = ClassDesc.of("java.util.function.BiConsumer");

	private JdkClasses() {
	}

	/**
	 * Opens {@code java.lang} to the agent, and puts a class there by which its classes
	 * reach us.
	 * @param bytes that class, as {@link #hook()} makes it
	 * @throws ReflectiveOperationException if this JDK does not let us
	 */
	static void open(Instrumentation instrumentation, byte[] bytes, BiConsumer<String, Object> hook)
			throws ReflectiveOperationException {
		Module base = Object.class.getModule();
		instrumentation.redefineModule(base, Set.of(), Map.of(),
				Map.of("java.lang", Set.of(JdkClasses.class.getModule())), Set.of(), Map.of());
		Class<?> defined = MethodHandles.privateLookupIn(Class.forName("java.lang.Shutdown"), MethodHandles.lookup())
			.defineClass(bytes);
		defined.getField("to").set(null, hook);
	}

	/**
	 * Makes the class by which those of the JDK reach us.
	 */
	static byte[] hook() {
		return ClassFile.of()
			.build(ClassDesc.of(HOOK), (type) -> type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
				.withField("to", CONSUMER, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC));
	}

	/**
	 * Has something run when all else that runs at the end has run.
	 * @throws ReflectiveOperationException if this JDK does not let us
	 */
	static void atTheVeryEnd(Runnable last) throws ReflectiveOperationException {
		Method add = Class.forName("java.lang.Shutdown")
			.getDeclaredMethod("add", int.class, boolean.class, Runnable.class);
		add.setAccessible(true);
		add.invoke(null, LAST_SLOT, false, last);
	}

	/**
	 * Changes the classes that are loaded already.
	 * @throws UnmodifiableClassException if this JVM does not let us
	 */
	static void retransform(Instrumentation instrumentation, boolean salt) throws UnmodifiableClassException {
		List<Class<?>> classes = new ArrayList<>();
		for (Class<?> type : instrumentation.getAllLoadedClasses()) {
			if (isChanged(type.getName().replace('.', '/'), salt)) {
				classes.add(type);
			}
		}
		instrumentation.retransformClasses(classes.toArray(Class<?>[]::new));
	}

	/**
	 * Whether a class may have to be changed.
	 * @param name with slashes
	 * @param salt whether the order of sets and maps is pinned
	 */
	static boolean isChanged(String name, boolean salt) {
		return isEnd(name) || (salt && isSalted(name));
	}

	/**
	 * Lists have an order of their own.
	 */
	private static boolean isSalted(String name) {
		return name.startsWith(COLLECTIONS + "$Set") || name.startsWith(COLLECTIONS + "$Map");
	}

	private static boolean isEnd(String name) {
		return ENDS.contains(name);
	}

	/**
	 * Loads those that must be changed and may not be loaded yet.
	 * @return their names, with slashes
	 * @throws ClassNotFoundException if this JDK lacks one
	 */
	static List<String> load() throws ClassNotFoundException {
		for (String name : ENDS) {
			Class.forName(name.replace('/', '.'));
		}
		return ENDS;
	}

	/**
	 * Changes one of these classes, null where nothing in it has to be.
	 * @param name with slashes
	 */
	static byte @Nullable [] change(ClassFile files, String name, byte[] bytes) {
		if (isSalted(name)) {
			return new ConstantTexts(bytes).has(SALTS) ? salted(files, files.parse(bytes)) : null;
		}
		if (name.equals("java/lang/Shutdown")) {
			return Points.weave(files, files.parse(bytes), List.of(
					new Point("exit", "(I)V", Where.ENTRY,
							(code, method) -> tell(code, "exit",
									() -> code.iload(0)
										.invokestatic(ConstantDescs.CD_Integer, "valueOf",
												MethodTypeDesc.of(ConstantDescs.CD_Integer, ConstantDescs.CD_int)))),
					new Point("runHooks", "()V", Where.ENTRY,
							(code, method) -> tell(code, "end",
									() -> code.iconst_0()
										.invokestatic(ConstantDescs.CD_Integer, "valueOf",
												MethodTypeDesc.of(ConstantDescs.CD_Integer, ConstantDescs.CD_int))))));
		}
		if (name.equals("java/lang/ProcessBuilder")) {
			return Points.weave(files, files.parse(bytes),
					List.of(new Point("start", "([Ljava/lang/ProcessBuilder$Redirect;)", Where.ENTRY,
							(code, method) -> tell(code, "start", () -> code.aload(0)))));
		}
		return null;
	}

	private static void tell(CodeBuilder code, String what, Runnable argument) {
		code.getstatic(ClassDesc.of(HOOK), "to", CONSUMER).ldc(what);
		argument.run();
		code.invokeinterface(CONSUMER, "accept",
				MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_Object));
	}

	/**
	 * Reads constants where the class would read its salt, 0 and false. The initializer
	 * that draws the salt is left as it is.
	 */
	private static byte[] salted(ClassFile files, ClassModel model) {
		return files.transformClass(model,
				new CodeChange((method) -> method.methodName().equalsString("<clinit>") ? null : new Unsalting()));
	}

	private static final class Unsalting implements CodeTransform {

		@Override
		public void accept(CodeBuilder builder, CodeElement element) {
			if (element instanceof FieldInstruction field && field.opcode() == Opcode.GETSTATIC
					&& field.owner().asInternalName().equals(COLLECTIONS)) {
				if (field.name().equalsString("SALT32L")) {
					builder.lconst_0();
					return;
				}
				if (field.name().equalsString("REVERSE")) {
					builder.iconst_0();
					return;
				}
			}
			builder.with(element);
		}

	}

	/**
	 * The salt as it takes effect: 0 where a set of a hundred numbers is read in the
	 * order that this salt gives, else random.
	 */
	static Object salt() {
		Integer[] numbers = IntStream.range(0, 100).mapToObj((i) -> 2 * i).toArray(Integer[]::new);
		List<Integer> order = new ArrayList<>(Set.of(numbers));
		List<Integer> expected = new ArrayList<>(Arrays.asList(numbers));
		return order.equals(expected.reversed()) ? (Object) 0 : "random";
	}

}
