package dev.reprise.acceptance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/**
 * A job of the fault harness, whose end and whose outputs are known beforehand.
 *
 * @param kind what it does
 * @param text what it writes
 * @param maxAttempts how often it may be tried
 * @param key the {@code Idempotency-Key} that it is submitted with
 */
record FaultJob(Kind kind, String text, int maxAttempts, String key) {

	/**
	 * What jobs do.
	 */
	enum Kind {

		/** Ends at once. */
		QUICK("true", 20),
		/** Takes some time. */
		SLOW("sleep 0.7", 700),
		/** Leaves a process in a session of its own. */
		DAEMON("setsid sleep 1000 & sleep 0.2", 200),
		/** Does not end when it is asked to. */
		STUBBORN("trap '' TERM; sleep 1", 1000),
		/** Writes some thousand small outputs. */
		WRITER("i=0; while [ $i -lt 300 ]; do echo $TEXT $i > part$i; i=$((i + 1)); done", 100),
		/** Ends badly. */
		FAILING("sleep 0.1; echo $TEXT > out.txt; exit 3", 100),
		/** Trains. */
		TORCH("", 2000);

		private final String script;

		private final int millis;

		Kind(String script, int millis) {
			this.script = script;
			this.millis = millis;
		}

		/**
		 * About how long it runs.
		 */
		Duration time() {
			return Duration.ofMillis(this.millis);
		}

	}

	static FaultJob draw(Random random, String key) {
		// Most of them are quick, so that a campaign is many kills and not much torch.
		Kind kind = (random.nextInt(20) == 0) ? Kind.TORCH : Kind.values()[random.nextInt(Kind.values().length - 1)];
		return new FaultJob(kind, "t" + random.nextInt(1000), 1 + random.nextInt(3), key);
	}

	String spec(String marker) {
		String runtime = (this.kind == Kind.TORCH) ? "\"entrypoint\": \"train.py\""
				: "\"command\": [\"sh\", \"job.sh\"]";
		return """
				{"name": "%s", "seed": 7, "maxAttempts": %d, "env": {"MARKER": "%s", "TEXT": "%s"},
				 "resources": {"memory": "1GiB"}, "runtime": {"type": "python", %s}}""".formatted(this.kind,
				this.maxAttempts, marker, this.text, runtime);
	}

	Map<String, String> code() {
		if (this.kind == Kind.TORCH) {
			return Map.of("train.py", """
					import os, torch
					print("attempt", flush=True)
					x = torch.randn(64, 64)
					for _ in range(50):
					    x = torch.tanh(x @ x)
					open("out.txt", "w").write(os.environ["TEXT"] + "\\n")
					""");
		}
		return Map.of("job.sh", """
				echo attempt
				%s
				echo $TEXT > out.txt
				""".formatted(this.kind.script));
	}

	/**
	 * What {@code out.txt} holds where the job came to its own end.
	 */
	byte[] output() {
		return (this.text + "\n").getBytes(StandardCharsets.UTF_8);
	}

	int outputs() {
		return (this.kind == Kind.WRITER) ? 301 : 1;
	}

}
