package dev.reprise.executor.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.runtime.Mount;
import dev.reprise.run.spec.Network;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a job sees of the machine, and what it can do to it.
 */
@Timeout(180)
class SandboxTests {

	@TempDir
	private Path temp;

	private final LocalExecutor executor = new LocalExecutor(InstantSource.system());

	private Job job;

	@BeforeEach
	void createJob() throws IOException {
		this.job = new Job(Files.createDirectories(this.temp.resolve("attempt-1")));
	}

	@AfterEach
	void close() throws IOException {
		this.executor.close();
		Job.releaseAll(this.temp);
		assertThat(this.job.alive()).isEmpty();
	}

	private String run(String script) throws Exception {
		this.job.shell(script);
		return runIt();
	}

	private String runIt() throws Exception {
		Ending ending = this.executor.start(this.job.launch()).await();
		assertThat(ending.succeeded()).as(ending + "\n" + (Files.exists(this.job.stderr()) ? this.job.err() : ""))
			.isTrue();
		return this.job.out();
	}

	@Test
	void environmentIsExactlyWhatWasGiven() throws Exception {
		this.job.environment.put("B", "two words, 'quoted' \"twice\" $HOME `x` \\ é");
		this.job.environment.put("A", "line\nbreak");
		this.job.environment.put("EMPTY", "");
		this.job.command = List.of("cat", "/proc/self/environ");
		StringBuilder expected = new StringBuilder();
		this.job.environment.forEach((name, value) -> expected.append(name).append('=').append(value).append('\0'));
		assertThat(runIt()).isEqualTo(expected.toString());
	}

	@Test
	void argumentsArriveAsTheyAre() throws Exception {
		this.job.command = List.of("printf", "%s|", "a b", "", "'", "$x", "\n", "*", "-n");
		assertThat(runIt()).isEqualTo("a b||'|$x|\n|*|-n|");
	}

	@Test
	void firstProcessShowsNothingOfTheHost() throws Exception {
		String out = run("cat /proc/1/environ; echo; tr '\\0' ' ' </proc/1/cmdline");
		assertThat(out).doesNotContain(this.temp.toString()).doesNotContain("HOME").startsWith("\n");
	}

	@Test
	void userHostAndFolderAreThoseOfTheContract() throws Exception {
		assertThat(run("id -u; id -g; id -un; hostname; pwd; getent hosts reprise | tr -s ' '; umask; ulimit -c"))
			.isEqualTo("1000\n1000\njob\nreprise\n/workspace/work\n127.0.0.1 localhost reprise\n0022\n0\n");
	}

	@Test
	void foldersOfTheHostMayHaveAnyName() throws Exception {
		this.job = new Job(Files.createDirectories(this.temp.resolve("# a\tb \\040c\\ \"d\" 'e' $HOME, *")));
		Files.writeString(this.job.workspace.resolve("work/train.py"), "code");
		Path given = Files.createDirectory(this.temp.resolve("given \\134 x"));
		Files.writeString(given.resolve("file"), "given");
		this.job.mounts.add(new Mount(given, "/data", false));
		assertThat(run("cat train.py /data/file; echo o >/workspace/outputs/o; echo t >/tmp/t")).isEqualTo("codegiven");
		assertThat(this.job.workspace.resolve("outputs/o")).hasContent("o");
		assertThat(given).isDirectoryContaining((path) -> path.endsWith("file"));
	}

	@Test
	void workspaceIsThatOfTheContract() throws Exception {
		Files.writeString(this.job.workspace.resolve("inputs/data"), "input");
		Files.writeString(this.job.workspace.resolve("work/train.py"), "code");
		String out = run("ls /workspace; cat /workspace/inputs/data train.py; echo; "
				+ "for f in job.json inputs/data inputs/new new; do (echo x >/workspace/$f) 2>/dev/null && echo wrote $f; done; "
				+ "echo changed >train.py; echo o >/workspace/outputs/o; mkdir /workspace/record/main && echo r");
		assertThat(out).isEqualTo("inputs\njob.json\noutputs\nrecord\nwork\ninputcode\nr\n");
		assertThat(this.job.workspace.resolve("outputs/o")).hasContent("o");
		assertThat(this.job.workspace.resolve("work/train.py")).hasContent("changed");
	}

	@Test
	void nothingElseOfTheHostIsSeen() throws Exception {
		Path other = Files.createDirectories(this.temp.resolve("attempt-2"));
		Files.writeString(other.resolve("secret"), "secret");
		String out = run("ls /; ls -A /root /home /etc " + this.temp + " 2>&1; cat /etc/shadow " + other
				+ "/secret 2>&1; ls /sys /var /run /mnt 2>&1; true");
		assertThat(out).startsWith("bin\ndev\netc\nhome\nlib\n")
			.doesNotContain("secret\n")
			.contains("cannot access '/root'", "cannot access '" + this.temp, "cannot access '/sys'",
					"cannot access '/mnt'");
		assertThat(out.substring(out.indexOf("/etc:\n"), out.indexOf("/home:\n")))
			.isEqualTo("/etc:\nalternatives\ngroup\nhosts\nld.so.cache\nnsswitch.conf\npasswd\n\n");
	}

	@Test
	void nothingButItsOwnFoldersCanBeWritten() throws Exception {
		String out = run("for d in / /usr /etc /dev /proc/sys/kernel /workspace /home /tmp /dev/shm /home/job . "
				+ "/workspace/outputs /workspace/record; do (: >$d/new) 2>/dev/null && echo $d; done; true");
		assertThat(out).isEqualTo("/tmp\n/dev/shm\n/home/job\n.\n/workspace/outputs\n/workspace/record\n");
	}

	@Test
	void jobHoldsNoPrivileges() throws Exception {
		String out = run("grep -E 'Cap|NoNewPrivs|Seccomp:' /proc/self/status | tr -d '\\t'; "
				+ "unshare -U true 2>/dev/null && echo user namespace; mount -t tmpfs x /tmp 2>/dev/null && echo mounted; true");
		assertThat(out).isEqualTo("""
				CapInh:0000000000000000
				CapPrm:0000000000000000
				CapEff:0000000000000000
				CapBnd:0000000000000000
				CapAmb:0000000000000000
				NoNewPrivs:1
				Seccomp:2
				""");
	}

	@Test
	void filesAboveStandardErrorAreClosed() throws Exception {
		assertThat(run("ls /proc/self/fd; readlink /proc/self/fd/0")).isEqualTo("0\n1\n2\n3\n/dev/null\n");
	}

	@Test
	void onlyItsOwnProcessesAreSeen() throws Exception {
		assertThat(run("ls /proc | grep -E '^[0-9]+$' | wc -l; kill -9 -1; echo alive; true"))
			.matches("[2-6]\n(alive\n)?");
	}

	@Test
	void processesOutsideSeeNoHostPathOrVariableInItsCommandLine() throws Exception {
		this.job.shell("echo ready; sleep 100");
		var execution = this.executor.start(this.job.launch());
		assertThat(Waiting.until(Duration.ofSeconds(10), () -> this.job.wrote("ready"))).isTrue();
		ProcessHandle.of(execution.pid()).orElseThrow().descendants().forEach((handle) -> {
			String commandLine = read(Path.of("/proc/" + handle.pid() + "/cmdline"));
			assertThat(commandLine).doesNotContain(this.job.workspace.toString(), this.job.marker);
		});
		execution.cancel("seen enough");
		execution.await();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return "";
		}
	}

	@Test
	void rootChangesToTheUserOfTheSlot() throws Exception {
		assumeTrue(this.executor.containment().ownUsers(), "not root");
		this.job.slot = 7;
		run("echo x >owned");
		assertThat(Files.getAttribute(this.job.workspace.resolve("work/owned"), "unix:uid", LinkOption.NOFOLLOW_LINKS))
			.isEqualTo(LocalExecutor.FIRST_USER + 7);
		assertThat(Files.getAttribute(this.job.workspace, "unix:uid")).isEqualTo(0);
	}

	@Test
	void jobWorksBelowAFolderThatIsClosedToItsUser() throws Exception {
		Files.setPosixFilePermissions(this.temp, PosixFilePermissions.fromString("rwx------"));
		Path data = Files.createDirectories(this.temp.resolve("data"));
		Files.writeString(data.resolve("x"), "x");
		this.job.mounts.add(new Mount(data, "/workspace/work/data/here", false));
		this.job.mounts.add(Mount.readOnly(data));
		assertThat(run("cat data/here/x " + data + "/x; (: >data/here/y) 2>/dev/null && echo wrote; true"))
			.isEqualTo("xx");
	}

	@Test
	void addressLayoutIsFixedWhenAskedFor() throws Exception {
		this.job.fixedAddressLayout = true;
		String script = "cat /proc/self/personality; grep -E 'heap|stack|libc' /proc/self/maps | cut -d' ' -f1";
		String first = run(script);
		assertThat(first).startsWith("00040000\n");
		assertThat(run(script)).isEqualTo(first);
		this.job.fixedAddressLayout = false;
		assertThat(run(script)).startsWith("00000000\n").isNotEqualTo(run(script));
	}

	@Test
	void devicesAreThoseThatWereGivenAndExist() throws Exception {
		String script = "for d in /dev/kmsg /dev/nvidia0; do [ -e $d ] && echo $d; done; true";
		assertThat(run(script)).isEmpty();
		assumeTrue(Files.exists(Path.of("/dev/kmsg")));
		this.job.devices = List.of(Path.of("/dev/kmsg"), Path.of("/dev/no-such-device"));
		assertThat(run(script)).isEqualTo("/dev/kmsg\n");
	}

	/**
	 * Each file takes memory of the kernel, which only a control group would count.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "/tmp", "/dev/shm", "/home/job" })
	void foldersInMemoryHoldSoManyFiles(String folder) throws Exception {
		this.job.memory = 64 * Job.MIB;
		String said = run("cd " + folder + "; i=0; while [ $i -lt 6000 ]; do echo >$i || break; i=$((i + 1)); done "
				+ "2>/dev/null; ls | wc -l; stat -f -c %c .");
		assertThat(said.lines().map(Integer::valueOf)).allSatisfy((count) -> assertThat(count).isBetween(4000, 4096));
	}

	@Test
	void attemptsRunBesideEachOther() throws Exception {
		List<Job> jobs = new ArrayList<>();
		List<Execution> executions = new ArrayList<>();
		for (int slot = 0; slot < 8; slot++) {
			Job beside = new Job(Files.createDirectories(this.temp.resolve("beside-" + slot)));
			beside.slot = slot;
			beside.shell("sleep 0.2; kill -9 -1; ls /proc | grep -c '^[0-9]'; echo $REPRISE_TEST_MARKER");
			jobs.add(beside);
			executions.add(this.executor.start(beside.launch()));
		}
		for (int slot = 0; slot < 8; slot++) {
			assertThat(executions.get(slot).await().succeeded()).isTrue();
			assertThat(jobs.get(slot).out()).contains(jobs.get(slot).marker);
		}
	}

	@Test
	void coresAreThoseThatWereGiven() throws Exception {
		this.job.cpus = Set.of(1);
		boolean hard = this.executor.containment().hardCpus();
		assertThat(this.executor.containment().soft().toString().contains("cpus: a job can take itself off"))
			.isNotEqualTo(hard);
		assertThat(run("nproc; taskset -c 0 nproc 2>/dev/null; grep Cpus_allowed_list /proc/self/status"))
			.isEqualTo((hard ? "1\n" : "1\n1\n") + "Cpus_allowed_list:\t1\n");
	}

	@Test
	void networkIsLoopbackAlone() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			server.setSoTimeout(10_000);
			String connect = """
					import socket, sys
					def to(host, port):
					    s = socket.socket()
					    s.settimeout(3)
					    try:
					        s.connect((host, port))
					        return 'connected'
					    except OSError as e:
					        return e.errno
					l = socket.socket()
					l.bind(('127.0.0.1', 0))
					l.listen()
					print(to('127.0.0.1', l.getsockname()[1]), to('127.0.0.1', int(sys.argv[1])), to('1.1.1.1', 53))
					""";
			String port = Integer.toString(server.getLocalPort());
			this.job.command = List.of("python3", "-c", connect, port);
			pythonOf(Environment.python());
			assertThat(runIt()).isEqualTo("connected 111 101\n");
			this.job.network = Network.HOST;
			this.job.command = List.of("python3", "-c", connect, port);
			assertThat(runIt()).startsWith("connected connected ");
		}
	}

	private void pythonOf(Environment environment) {
		this.job.mounts.addAll(environment.mounts());
		this.job.environment.put("PATH", environment.bin() + ":/usr/bin:/bin");
	}

	@Test
	void refusedSystemCallsAreRefused() throws Exception {
		pythonOf(Environment.python());
		this.job.command = List.of("python3", "-c", """
				import ctypes, errno, os, platform, socket
				libc = ctypes.CDLL(None, use_errno=True)
				x86 = platform.machine() == 'x86_64'
				def call(*a):
				    ctypes.set_errno(0)
				    r = libc.syscall(*a)
				    return errno.errorcode.get(ctypes.get_errno(), 'ok') if r < 0 else 'ok'
				print(call(101 if x86 else 117, 0, 0, 0, 0))
				print(call(425, 1, 0))
				print(call(435, 0, 0))
				print(call(272 if x86 else 97, 0x10000000))
				print(call(16 if x86 else 29, 0, 0x5412, b'x'))
				print(call(16 if x86 else 29, 0, 0x100005412, b'x'))
				print(call(39 if x86 else 172))
				print(call(0x40000000 + 39) if x86 else 'ENOSYS')
				for family, protocol in ((16, 0), (16, 16), (socket.AF_PACKET, 0), (40, 0)):
				    try: socket.socket(family, socket.SOCK_RAW, protocol); print('ok')
				    except OSError as e: print(errno.errorcode[e.errno])
				print(len(socket.socketpair()), os.fork() >= 0)
				""");
		assertThat(runIt().lines().limit(12)).containsExactly("EPERM", "EPERM", "ENOSYS", "EPERM", "EPERM", "EPERM",
				"ok", "ENOSYS", "ok", "EAFNOSUPPORT", "EAFNOSUPPORT", "EAFNOSUPPORT");
	}

	@Test
	void trainingRunsWithLoaderWorkersAndTwoRanks() throws Exception {
		Environment environment = Environment.python();
		pythonOf(environment);
		this.job.memory = 8192 * Job.MIB;
		this.job.environment.putAll(new TreeMap<>(Map.of("HOME", "/home/job", "OMP_NUM_THREADS", "1")));
		Files.writeString(this.job.workspace.resolve("work/train.py"), """
				import os, sys, torch
				import torch.distributed as dist
				import torch.multiprocessing as mp
				from torch.utils.data import DataLoader, TensorDataset

				def rank(n, size):
				    os.environ.update(MASTER_ADDR='127.0.0.1', MASTER_PORT='29500')
				    dist.init_process_group('gloo', rank=n, world_size=size)
				    t = torch.ones(1) * (n + 1)
				    dist.all_reduce(t)
				    assert t.item() == 3
				    dist.destroy_process_group()

				if __name__ == '__main__':
				    torch.manual_seed(1)
				    data = TensorDataset(torch.randn(64, 8), torch.randn(64, 1))
				    for context in ('fork', 'spawn'):
				        model = torch.nn.Linear(8, 1)
				        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
				        for x, y in DataLoader(data, batch_size=16, num_workers=1, multiprocessing_context=context):
				            optimizer.zero_grad()
				            torch.nn.functional.mse_loss(model(x), y).backward()
				            optimizer.step()
				        print(context, flush=True)
				    mp.start_processes(rank, args=(2,), nprocs=2, start_method='fork')
				    print('gloo')
				""");
		this.job.command = List.of("python", "train.py");
		this.job.timeout = Duration.ofSeconds(150);
		assertThat(runIt()).isEqualTo("fork\nspawn\ngloo\n");
	}

}
