package dev.reprise.run.spec;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Which library of PyTorch 2.7.1 DJL 0.35.1 takes for GPUs: of those that there are, the
 * newest that is built for no newer CUDA than this machine's. DJL asks
 * {@code libcudart.so} for that, which comes with CUDA's toolkit and is not in a job's
 * sandbox; here it is what the driver runs.
 */
final class DjlNatives {

	/**
	 * Versions of CUDA, without the point, of the libraries for Linux: the folders
	 * {@code jnilib/linux-x86_64/cu*} of {@code pytorch-jni-2.7.1-0.35.1.jar}.
	 */
	private static final NavigableSet<Integer> LIBRARIES = new TreeSet<>(List.of(128));

	/**
	 * The newest CUDA that a branch of the driver runs, by the first number of its
	 * version; one that is not here runs at least that of the one below it. NVIDIA's
	 * release notes of CUDA: each toolkit comes with a driver of the first branch that
	 * runs it.
	 */
	private static final NavigableMap<Integer, Integer> DRIVERS = new TreeMap<>(Map.ofEntries(Map.entry(0, 0),
			Map.entry(450, 110), Map.entry(520, 118), Map.entry(525, 120), Map.entry(530, 121), Map.entry(535, 122),
			Map.entry(545, 123), Map.entry(550, 124), Map.entry(555, 125), Map.entry(560, 126), Map.entry(565, 127),
			Map.entry(570, 128), Map.entry(575, 129), Map.entry(580, 130)));

	private DjlNatives() {
	}

	/**
	 * What a job with GPUs would need and the service does not bring, to go on after "the
	 * runtime djl".
	 * @param driver the version of the driver, such as {@code 580.159.03}, null where
	 * there is none
	 */
	static String lacking(@Nullable String driver) {
		if (driver == null) {
			return "lacks its library for them, " + artifact(LIBRARIES.last());
		}
		int cuda = DRIVERS.floorEntry(branch(driver)).getValue();
		Integer fits = LIBRARIES.floor(cuda);
		String runs = "driver " + driver + ", which runs CUDA " + cuda / 10 + "." + cuda % 10;
		return (fits != null) ? "lacks its library for " + runs + ": " + artifact(fits)
				: "has no library for " + runs + ": the oldest is " + artifact(LIBRARIES.first());
	}

	private static int branch(String driver) {
		return driver.matches("\\d{1,5}\\..*") ? Integer.parseInt(driver.substring(0, driver.indexOf('.'))) : 0;
	}

	private static String artifact(int cuda) {
		return "ai.djl.pytorch:pytorch-native-cu" + cuda + ":2.7.1:linux-x86_64";
	}

}
