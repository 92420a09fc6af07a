package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole run through the service against the same program started by hand.
 */
final class RunCost {

	private static final double TARGET = 1.0;

	private final ServiceRuns service;

	private final ByHand hand;

	private final Path program;

	RunCost(ServiceRuns service, ByHand hand, Path program) {
		this.service = service;
		this.hand = hand;
		this.program = program;
	}

	Measurement measure(int pairs, List<String> startNotes) throws IOException, InterruptedException {
		List<Double> ours = new ArrayList<>();
		List<Double> theirs = new ArrayList<>();
		List<Double> more = new ArrayList<>();
		byHand();
		for (int pair = 0; pair < pairs; pair++) {
			boolean oursFirst = pair % 2 == 0;
			double our = oursFirst ? this.service.run(this.program).seconds() : 0;
			double their = byHand();
			our = oursFirst ? our : this.service.run(this.program).seconds();
			ours.add(our);
			theirs.add(their);
			more.add(our - their);
		}
		Samples difference = new Samples(more);
		double our = new Samples(ours).median();
		double their = new Samples(theirs).median();
		return new Measurement("2. examples/digits/train.py as a run and by hand, a new process each time",
				"seconds more, POST to final state to by hand", Seconds.text(difference.median()),
				difference.spread(Seconds::text), pairs, "at most " + Seconds.text(TARGET),
				difference.median() <= TARGET, List.of(new Measurement.Bar("service", our, Seconds.text(our)),
						new Measurement.Bar("by hand", their, Seconds.text(their))),
				startNotes);
	}

	private double byHand() throws IOException, InterruptedException {
		ProcessBuilder builder = this.hand.process(this.program, false);
		long start = System.nanoTime();
		ByHand.finish(builder.start(), builder);
		return (System.nanoTime() - start) / 1e9;
	}

}
