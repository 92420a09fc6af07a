package dev.reprise.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Rewrites the places of a class that make a random generator without a seed, and reports
 * those that draw from a source that cannot be given one.
 *
 * @param seeds whether generators are seeded
 * @param reports whether other sources are reported
 */
record CallSites(boolean seeds, boolean reports) {

	private static final ClassDesc RANDOM = ClassDesc.of("java.util.Random");

	private static final MethodTypeDesc PLACE_TO_LONG = MethodTypeDesc.of(ConstantDescs.CD_long,
			ConstantDescs.CD_String);

	/**
	 * Calls that are given a seed.
	 */
	private static final Map<String, Set<String>> SEEDED = Map.of("java/util/Random", Set.of("<init>"),
			"java/util/SplittableRandom", Set.of("<init>"), "java/util/Collections", Set.of("shuffle"));

	private static final Set<String> SEEDABLE = Set.of("java/util/Random", "java/util/SplittableRandom");

	/**
	 * Sources without a seed, by class, with the methods that draw from them.
	 */
	private static final Map<String, Set<String>> SOURCES = Map.ofEntries(Map.entry("java/lang/Math", Set.of("random")),
			Map.entry("java/lang/StrictMath", Set.of("random")),
			Map.entry("java/util/concurrent/ThreadLocalRandom", Set.of("current")),
			Map.entry("java/util/UUID", Set.of("randomUUID")),
			Map.entry("java/util/random/RandomGenerator", Set.of("getDefault", "of")),
			Map.entry("java/security/SecureRandom", Set.of("<init>", "getInstanceStrong", "getInstance")),
			Map.entry("java/lang/System", Set.of("nanoTime", "currentTimeMillis")),
			Map.entry("java/time/Instant", Set.of("now")), Map.entry("java/time/LocalDate", Set.of("now")),
			Map.entry("java/time/LocalTime", Set.of("now")), Map.entry("java/time/LocalDateTime", Set.of("now")),
			Map.entry("java/time/ZonedDateTime", Set.of("now")), Map.entry("java/time/OffsetDateTime", Set.of("now")),
			Map.entry("java/time/OffsetTime", Set.of("now")), Map.entry("java/time/Year", Set.of("now")),
			Map.entry("java/time/YearMonth", Set.of("now")), Map.entry("java/time/MonthDay", Set.of("now")),
			Map.entry("java/time/chrono/HijrahDate", Set.of("now")),
			Map.entry("java/time/chrono/JapaneseDate", Set.of("now")),
			Map.entry("java/time/chrono/MinguoDate", Set.of("now")),
			Map.entry("java/time/chrono/ThaiBuddhistDate", Set.of("now")),
			Map.entry("java/time/Clock",
					Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds", "tickMinutes")),
			Map.entry("java/time/InstantSource", Set.of("system")),
			Map.entry("java/util/Calendar", Set.of("getInstance")),
			Map.entry("java/util/GregorianCalendar", Set.of("<init>")), Map.entry("java/util/Random", Set.of("<init>")),
			Map.entry("java/util/SplittableRandom", Set.of("<init>")),
			Map.entry("java/util/Collections", Set.of("shuffle")), Map.entry("java/util/Date", Set.of("<init>")));

	/**
	 * Whether a class may have such a place.
	 */
	boolean mayBeIn(byte[] file) {
		return (this.seeds || this.reports) && new ConstantTexts(file).hasOneOf(this.reports ? SOURCES : SEEDED);
	}

	/**
	 * Rewrites a class.
	 */
	byte[] rewrite(ClassFile files, ClassModel model) {
		String type = model.thisClass().asInternalName();
		String file = model.findAttribute(java.lang.classfile.Attributes.sourceFile())
			.map(SourceFileAttribute::sourceFile)
			.map(Object::toString)
			.orElse(null);
		return files.transformClass(model, new CodeChange((method) -> new Rewriting(this, type, file)));
	}

	private static final class Rewriting implements CodeTransform {

		private final CallSites sites;

		private final String type;

		private final @Nullable String file;

		private int line;

		Rewriting(CallSites sites, String type, @Nullable String file) {
			this.sites = sites;
			this.type = type;
			this.file = file;
		}

		@Override
		public void accept(CodeBuilder builder, CodeElement element) {
			// No switch, which would be put together as the first of them runs.
			if (element instanceof InvokeInstruction call) {
				call(builder, call);
				return;
			}
			if (element instanceof LineNumber number) {
				this.line = number.line();
			}
			else if (element instanceof InvokeDynamicInstruction dynamic) {
				if (this.sites.seeds() && SeededReferences.replace(builder, dynamic, place())) {
					return;
				}
				references(builder, dynamic);
			}
			builder.with(element);
		}

		private void references(CodeBuilder builder, InvokeDynamicInstruction dynamic) {
			for (ConstantDesc argument : dynamic.bootstrapArgs()) {
				if (argument instanceof DirectMethodHandleDesc handle) {
					report(builder, internal(handle.owner()),
							handle.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR ? "<init>" : handle.methodName(),
							handle.lookupDescriptor());
				}
			}
		}

		private void call(CodeBuilder builder, InvokeInstruction call) {
			String owner = call.owner().asInternalName();
			String name = call.name().stringValue();
			String descriptor = call.type().stringValue();
			if (this.sites.seeds() && call.opcode() == Opcode.INVOKESPECIAL && name.equals("<init>")
					&& descriptor.equals("()V") && SEEDABLE.contains(owner)) {
				builder.ldc(place())
					.invokestatic(EngineClasses.HOOKS, "randomSeed", PLACE_TO_LONG)
					.invokespecial(call.owner().asSymbol(), "<init>",
							MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long));
				return;
			}
			if (this.sites.seeds() && owner.equals("java/util/Collections") && name.equals("shuffle")
					&& descriptor.equals("(Ljava/util/List;)V")) {
				builder.ldc(place())
					.invokestatic(EngineClasses.HOOKS, "random", MethodTypeDesc.of(RANDOM, ConstantDescs.CD_String))
					.invokestatic(call.owner().asSymbol(), "shuffle",
							MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_List, RANDOM));
				return;
			}
			report(builder, owner, name, descriptor);
			builder.with(call);
		}

		private void report(CodeBuilder builder, String owner, String name, String descriptor) {
			if (!this.sites.reports() || !SOURCES.getOrDefault(owner, Set.of()).contains(name)
					|| !drawsItself(owner, name, descriptor)) {
				return;
			}
			String simple = owner.substring(owner.lastIndexOf('/') + 1);
			builder.ldc(name.equals("<init>") ? "new " + simple : simple + "." + name)
				.ldc(place())
				.invokestatic(EngineClasses.HOOKS, "saw",
						MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String, ConstantDescs.CD_String));
		}

		/**
		 * Whether a call takes nothing that would decide what it gives: a seed, a
		 * generator, a time, a clock.
		 */
		private static boolean drawsItself(String owner, String name, String descriptor) {
			return switch (owner) {
				case "java/util/Random", "java/util/SplittableRandom", "java/util/Date" -> descriptor.startsWith("()");
				case "java/util/Collections" -> descriptor.startsWith("(Ljava/util/List;)");
				case "java/util/GregorianCalendar" -> !descriptor.startsWith("(I");
				default -> !name.equals("now") || !descriptor.startsWith("(Ljava/time/Clock;");
			};
		}

		private String place() {
			return Places.of(this.type, this.file, this.line);
		}

		private static String internal(ClassDesc type) {
			String descriptor = type.descriptorString();
			return descriptor.startsWith("L") ? descriptor.substring(1, descriptor.length() - 1) : descriptor;
		}

	}

}
