package dev.reprise.executor.local;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * A service of its own that starts one job and waits, to be killed. Arguments: folder,
 * marker, and {@code none} to do without control groups, or {@code busy} to keep the
 * job's cores busy; the script is what follows. It prints {@code starting},
 * {@code started} with the pid of the supervisor, and how the job ended.
 */
final class StartsOneJob {

	private StartsOneJob() {
	}

	public static void main(String[] args) throws Exception {
		ControlGroups groups = args[2].equals("none") ? ControlGroups.NONE : ControlGroups.find();
		try (LocalExecutor executor = new LocalExecutor(InstantSource.system(), Duration.ofSeconds(1), groups,
				LocalExecutor.missingForVolumes())) {
			// A first one, so that the times after "starting" are not those of loading
			// classes.
			for (int warm = 0; warm < 3; warm++) {
				executor.start(new Job(Path.of(args[0], "warm-" + warm)).launch()).await();
			}
			Job job = new Job(Path.of(args[0]));
			job.environment.put("REPRISE_TEST_MARKER", args[1]);
			job.busy = args[2].equals("busy");
			job.command = List.of(args).subList(3, args.length);
			System.out.println("starting");
			var execution = executor.start(job.launch());
			System.out.println("started " + execution.pid());
			System.out.println("ended " + execution.await());
		}
	}

}
