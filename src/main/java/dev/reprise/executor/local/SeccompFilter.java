package dev.reprise.executor.local;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The system calls that a job is refused, as a classic BPF program that bubblewrap loads.
 * What is listed lets a process look into another, or reaches parts of the kernel that
 * training never needs and that have been ways out of containers. Everything else is
 * allowed.
 *
 * @param arch the kernel's {@code AUDIT_ARCH} number
 * @param denied numbers of the system calls that fail with EPERM
 */
record SeccompFilter(int arch, Calls calls, List<Integer> denied) {

	private static final int LOAD = 0x20;

	private static final int JUMP_EQUAL = 0x15;

	private static final int JUMP_AT_LEAST = 0x35;

	private static final int JUMP_ANY_BIT = 0x45;

	private static final int RETURN = 0x06;

	private static final int ALLOW = 0x7fff0000;

	private static final int KILL_PROCESS = 0x80000000;

	private static final int ERRNO = 0x00050000;

	private static final int EPERM = 1;

	private static final int ENOSYS = 38;

	private static final int EAFNOSUPPORT = 97;

	/** Offsets in {@code struct seccomp_data}; both machines are little-endian. */
	private static final int NUMBER = 0;

	private static final int ARCH = 4;

	private static final int FIRST_ARGUMENT = 16;

	private static final int SECOND_ARGUMENT = 24;

	private static final int THIRD_ARGUMENT = 32;

	/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
	private static final int NEW_NAMESPACES = 0x7e020000;

	private static final int TIOCSTI = 0x5412;

	private static final int TIOCLINUX = 0x541c;

	private static final int CLONE3 = 435;

	/** Numbers at or above this are the x32 calls of x86-64: the same calls again. */
	private static final int X32 = 0x40000000;

	/**
	 * Calls whose arguments are looked at.
	 */
	record Calls(int fork, int socket, int ioctl) {

	}

	/**
	 * Calls that have one number on every machine: pidfd_getfd, io_uring_setup,
	 * io_uring_enter, io_uring_register, open_tree, move_mount, fsopen, fsconfig,
	 * fsmount, fspick, mount_setattr, quotactl_fd, open_tree_attr.
	 */
	private static final List<Integer> EVERYWHERE = List.of(438, 425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443,
			467);

	private static final SeccompFilter X86_64 = new SeccompFilter(0xc000003e, new Calls(56, 41, 16), List.of(
			// ptrace, process_vm_readv, process_vm_writev, kcmp
			101, 310, 311, 312,
			// add_key, request_key, keyctl
			248, 249, 250,
			// userfaultfd, bpf, perf_event_open
			323, 321, 298,
			// mount, umount2, pivot_root, chroot, unshare, setns
			165, 166, 155, 161, 272, 308,
			// kexec_load, kexec_file_load, init_module, finit_module, delete_module
			246, 320, 175, 313, 176,
			// settimeofday, clock_settime, adjtimex, clock_adjtime
			164, 227, 159, 305,
			// reboot, swapon, swapoff, syslog, acct, quotactl, vhangup
			169, 167, 168, 103, 163, 179, 153,
			// iopl, ioperm, modify_ldt, sethostname, setdomainname
			172, 173, 154, 170, 171,
			// name_to_handle_at, open_by_handle_at, fanotify_init, lookup_dcookie
			303, 304, 300, 212,
			// uselib, _sysctl, ustat, sysfs, nfsservctl
			134, 156, 136, 139, 180));

	private static final SeccompFilter AARCH64 = new SeccompFilter(0xc00000b7, new Calls(220, 198, 29), List.of(
			// ptrace, process_vm_readv, process_vm_writev, kcmp
			117, 270, 271, 272,
			// add_key, request_key, keyctl
			217, 218, 219,
			// userfaultfd, bpf, perf_event_open
			282, 280, 241,
			// mount, umount2, pivot_root, chroot, unshare, setns
			40, 39, 41, 51, 97, 268,
			// kexec_load, kexec_file_load, init_module, finit_module, delete_module
			104, 294, 105, 273, 106,
			// settimeofday, clock_settime, adjtimex, clock_adjtime
			170, 112, 171, 266,
			// reboot, swapon, swapoff, syslog, acct, quotactl, vhangup
			142, 224, 225, 116, 89, 60, 58,
			// sethostname, setdomainname
			161, 162,
			// name_to_handle_at, open_by_handle_at, fanotify_init, lookup_dcookie
			264, 265, 262, 18,
			// nfsservctl
			42));

	static byte[] ofThisMachine() {
		String arch = System.getProperty("os.arch", "");
		return switch (arch) {
			case "amd64", "x86_64" -> X86_64.bytes();
			case "aarch64" -> AARCH64.bytes();
			default -> throw new IllegalStateException("no filter of system calls for machines of type " + arch);
		};
	}

	private byte[] bytes() {
		ByteBuffer program = ByteBuffer.allocate(8 * 512).order(ByteOrder.LITTLE_ENDIAN);
		instruction(program, LOAD, 0, 0, ARCH);
		instruction(program, JUMP_EQUAL, 1, 0, this.arch);
		instruction(program, RETURN, 0, 0, KILL_PROCESS);
		instruction(program, LOAD, 0, 0, NUMBER);
		instruction(program, JUMP_AT_LEAST, 0, 1, X32);
		instruction(program, RETURN, 0, 0, ERRNO | ENOSYS);
		for (List<Integer> numbers : List.of(this.denied, EVERYWHERE)) {
			for (int number : numbers) {
				refuse(program, number, EPERM);
			}
		}
		// Its flags are behind a pointer; libraries fall back to clone.
		refuse(program, CLONE3, ENOSYS);
		// clone: not with a namespace
		instruction(program, JUMP_EQUAL, 0, 4, this.calls.fork());
		instruction(program, LOAD, 0, 0, FIRST_ARGUMENT);
		instruction(program, JUMP_ANY_BIT, 0, 1, NEW_NAMESPACES);
		instruction(program, RETURN, 0, 0, ERRNO | EPERM);
		instruction(program, RETURN, 0, 0, ALLOW);
		// socket: AF_UNIX, AF_INET, AF_INET6; of AF_NETLINK only what lists interfaces
		// (NETLINK_ROUTE), without which gloo finds none
		instruction(program, JUMP_EQUAL, 0, 9, this.calls.socket());
		instruction(program, LOAD, 0, 0, FIRST_ARGUMENT);
		instruction(program, JUMP_EQUAL, 6, 0, 1);
		instruction(program, JUMP_EQUAL, 5, 0, 2);
		instruction(program, JUMP_EQUAL, 4, 0, 10);
		instruction(program, JUMP_EQUAL, 0, 2, 16);
		instruction(program, LOAD, 0, 0, THIRD_ARGUMENT);
		instruction(program, JUMP_EQUAL, 1, 0, 0);
		instruction(program, RETURN, 0, 0, ERRNO | EAFNOSUPPORT);
		instruction(program, RETURN, 0, 0, ALLOW);
		// ioctl: nothing that types into a terminal
		instruction(program, JUMP_EQUAL, 0, 4, this.calls.ioctl());
		instruction(program, LOAD, 0, 0, SECOND_ARGUMENT);
		instruction(program, JUMP_EQUAL, 1, 0, TIOCSTI);
		instruction(program, JUMP_EQUAL, 0, 1, TIOCLINUX);
		instruction(program, RETURN, 0, 0, ERRNO | EPERM);
		instruction(program, RETURN, 0, 0, ALLOW);
		byte[] bytes = new byte[program.position()];
		program.flip().get(bytes);
		return bytes;
	}

	private static void refuse(ByteBuffer program, int number, int error) {
		instruction(program, JUMP_EQUAL, 0, 1, number);
		instruction(program, RETURN, 0, 0, ERRNO | error);
	}

	/**
	 * One {@code struct sock_filter}.
	 * @param yes how many instructions to pass over where the condition holds
	 * @param no and where it does not
	 */
	private static void instruction(ByteBuffer program, int code, int yes, int no, int value) {
		program.putShort((short) code).put((byte) yes).put((byte) no).putInt(value);
	}

}
