package dev.reprise.agent;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/**
 * Hears the library's warnings on the thread that caused them, while it is there: a
 * handler of ours in C++'s form, which hands each on to the one that was there before.
 * What arrives on standard error would name no line of the program.
 */
@SuppressWarnings("restricted")
final class Warnings {

	private static final FunctionDescriptor PROCESS = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS,
			ValueLayout.ADDRESS);

	private final ThreadLocal<Boolean> listening = ThreadLocal.withInitial(() -> false);

	private final Consumer<String> heard;

	private final Torch torch;

	private final MemorySegment before;

	private final long beforeObject;

	private final MemorySegment handler;

	/**
	 * Makes a handler.
	 * @param torch the library
	 * @param heard takes each warning's text
	 * @throws Throwable if the library is not as expected
	 */
	Warnings(Torch torch, Consumer<String> heard) throws Throwable {
		this.heard = heard;
		this.torch = torch;
		this.beforeObject = torch.call("_ZN3c1012WarningUtils19get_warning_handlerEv", 0, 0, 0);
		// A WarningHandler is a pointer to its table: two destructors, then process.
		MemorySegment table = Torch.at(Torch.at(this.beforeObject, 8).get(ValueLayout.JAVA_LONG, 0),
				3 * ValueLayout.ADDRESS.byteSize());
		this.before = table.getAtIndex(ValueLayout.ADDRESS, 2);
		MethodHandle process = MethodHandles.lookup()
			.findVirtual(Warnings.class, "process",
					MethodType.methodType(void.class, MemorySegment.class, MemorySegment.class))
			.bindTo(this);
		MemorySegment ours = Arena.global().allocate(ValueLayout.ADDRESS, 3);
		ours.setAtIndex(ValueLayout.ADDRESS, 0, table.getAtIndex(ValueLayout.ADDRESS, 0));
		ours.setAtIndex(ValueLayout.ADDRESS, 1, table.getAtIndex(ValueLayout.ADDRESS, 1));
		ours.setAtIndex(ValueLayout.ADDRESS, 2, Linker.nativeLinker().upcallStub(process, PROCESS, Arena.global()));
		this.handler = Arena.global().allocate(ValueLayout.ADDRESS);
		this.handler.set(ValueLayout.ADDRESS, 0, ours);
	}

	/**
	 * Listens on this thread, once.
	 * @throws Throwable if that fails
	 */
	void listen() throws Throwable {
		if (!this.listening.get()) {
			this.listening.set(true);
			this.torch.call("_ZN3c1012WarningUtils19set_warning_handlerEPNS_14WarningHandlerE", this.handler.address(),
					0, 0);
		}
	}

	/**
	 * Called by the library; nothing may be thrown into it.
	 */
	@SuppressWarnings({ "UnusedMethod", "UnusedVariable" })
	private void process(MemorySegment self, MemorySegment warning) {
		try {
			MemorySegment text = Torch.at(this.torch.call("_ZNK3c107Warning3msgB5cxx11Ev", warning.address(), 0, 0),
					16);
			long length = Math.min(text.get(ValueLayout.JAVA_LONG, 8), 65_536);
			byte[] bytes = text.get(ValueLayout.ADDRESS, 0).reinterpret(length).toArray(ValueLayout.JAVA_BYTE);
			this.heard.accept(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
			Torch.call(this.before, this.beforeObject, warning.address(), 0);
		}
		catch (Throwable ex) {
			System.err.println("reprise: a warning of the library could not be read: " + ex);
		}
	}

}
