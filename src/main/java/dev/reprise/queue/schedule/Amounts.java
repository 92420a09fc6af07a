package dev.reprise.queue.schedule;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.run.spec.GpuModel;

/**
 * So much of everything that is given out.
 *
 * @param cpus cores
 * @param memory bytes
 * @param gpus by model, without models of which there are none
 */
public record Amounts(int cpus, long memory, SortedMap<GpuModel, Integer> gpus) {

	/**
	 * Copies.
	 */
	public Amounts {
		SortedMap<GpuModel, Integer> some = new TreeMap<>(gpus);
		some.values().removeIf((count) -> count == 0);
		gpus = Collections.unmodifiableSortedMap(some);
	}

	/**
	 * Whether there is at least as much of everything.
	 */
	public boolean holds(Amounts other) {
		return this.cpus >= other.cpus && this.memory >= other.memory
				&& other.gpus.entrySet()
					.stream()
					.allMatch((entry) -> this.gpus.getOrDefault(entry.getKey(), 0) >= entry.getValue());
	}

	/**
	 * Both together.
	 */
	public Amounts plus(Amounts other) {
		return combined(other, 1);
	}

	/**
	 * What is left; may fall below zero.
	 */
	public Amounts minus(Amounts other) {
		return combined(other, -1);
	}

	private Amounts combined(Amounts other, int sign) {
		SortedMap<GpuModel, Integer> sum = new TreeMap<>(this.gpus);
		other.gpus.forEach((model, count) -> sum.merge(model, sign * count, Integer::sum));
		return new Amounts(this.cpus + sign * other.cpus, this.memory + sign * other.memory, sum);
	}

	/**
	 * In which ways a demand can be met from this: one for each model of GPU that would
	 * do, those first that leave the fewest over. Empty where it cannot.
	 */
	List<Amounts> waysToMeet(Demand demand) {
		if (demand.cpus() > this.cpus || demand.memory() > this.memory) {
			return List.of();
		}
		if (demand.gpus() == 0) {
			return List.of(new Amounts(demand.cpus(), demand.memory(), Collections.emptySortedMap()));
		}
		return this.gpus.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().fits(demand.gpuModel()) && entry.getValue() >= demand.gpus()
					&& !(entry.getKey().part() && demand.gpus() > 1))
			.sorted(Map.Entry.<GpuModel, Integer>comparingByValue()
				.thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
			.map((entry) -> new Amounts(demand.cpus(), demand.memory(),
					new TreeMap<>(Map.of(entry.getKey(), demand.gpus()))))
			.toList();
	}

	/**
	 * The most GPUs of one model that one run with this demand could have of this.
	 */
	int gpusFor(Demand demand) {
		return this.gpus.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().fits(demand.gpuModel()))
			.mapToInt((entry) -> entry.getKey().part() ? Math.min(1, entry.getValue()) : entry.getValue())
			.max()
			.orElse(0);
	}

	/**
	 * What part this is of a whole, by that of which it is the largest part: 0 to 1.
	 */
	public double shareOf(Amounts whole) {
		double share = Math.max(part(this.cpus, whole.cpus), part((double) this.memory, (double) whole.memory));
		return Math.max(share, part(count(this.gpus), count(whole.gpus)));
	}

	private static double part(double some, double all) {
		return (all > 0) ? some / all : 0;
	}

	private static int count(SortedMap<GpuModel, Integer> gpus) {
		return gpus.values().stream().mapToInt(Integer::intValue).sum();
	}

}
