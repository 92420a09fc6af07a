package dev.reprise.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.reprise.http.RequestException;
import dev.reprise.http.TimeSortedId;
import jakarta.persistence.criteria.Predicate;
import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Sort;
import org.springframework.stereotype.Component;

/**
 * Finds runs.
 */
@Component
public class Runs {

	private final RunRepository runs;

	private final AttemptRepository attempts;

	private final RecipeRepository recipes;

	Runs(RunRepository runs, AttemptRepository attempts, RecipeRepository recipes) {
		this.runs = runs;
		this.attempts = attempts;
		this.recipes = recipes;
	}

	/**
	 * The run of an id.
	 * @throws RequestException if there is none
	 */
	public Run get(String id) {
		return find(id).orElseThrow(() -> RequestException.notFound("run of that id"));
	}

	/**
	 * The run of an id, if there is one.
	 */
	public Optional<Run> find(String id) {
		return TimeSortedId.isId(id) ? this.runs.findById(id) : Optional.empty();
	}

	/**
	 * Runs in any of some states, oldest first.
	 */
	public List<Run> in(List<RunState> states) {
		return this.runs.findByStateInOrderById(states);
	}

	List<Run> page(Filter filter, @Nullable String after, int limit) {
		return this.runs.findBy((run, query, builder) -> {
			List<Predicate> all = new ArrayList<>();
			if (after != null) {
				all.add(builder.lessThan(run.get("id"), after));
			}
			if (filter.state() != null) {
				all.add(builder.equal(run.get("state"), filter.state()));
			}
			if (filter.name() != null) {
				all.add(builder.equal(run.get("name"), filter.name()));
			}
			if (filter.label() != null && filter.content() != null) {
				var labels = run.<Run, String, String>joinMap("labels");
				all.add(builder.equal(labels.key(), filter.label()));
				all.add(builder.equal(labels.value(), filter.content()));
			}
			return builder.and(all.toArray(Predicate[]::new));
		}, (found) -> found.sortBy(Sort.by("id").descending()).limit(limit).all());
	}

	/**
	 * The attempts of a run as it was when it was read: one that was claimed since is not
	 * shown beside a state that says that the run waits.
	 */
	List<Attempt.View> attempts(Run run) {
		if (run.attempt() == 0) {
			return List.of();
		}
		return this.attempts.findByRunIdOrderByNumber(run.id())
			.stream()
			.map(Attempt::view)
			.filter((attempt) -> attempt.number() <= run.attempt())
			.toList();
	}

	/**
	 * The environment that a run's latest attempt ran in, null where that was not built
	 * from a lock file.
	 */
	public Attempt.@Nullable Environment environment(Run run) {
		return this.attempts.findByRunIdOrderByNumber(run.id())
			.stream()
			.filter((attempt) -> attempt.view().number() == run.attempt())
			.findFirst()
			.map(Attempt::environment)
			.orElse(null);
	}

	/**
	 * Whether an attempt of another run was under way while the latest attempt of a run
	 * that has ended was.
	 */
	public boolean ranBesideOthers(Run run) {
		return this.attempts.findByRunIdOrderByNumber(run.id())
			.stream()
			.map(Attempt::view)
			.filter((attempt) -> attempt.number() == run.attempt())
			.anyMatch((attempt) -> {
				Instant running = attempt.runningAt();
				Instant ended = attempt.endedAt();
				return ended != null && this.attempts.countOthersBetween(run.id(),
						(running != null) ? running : attempt.startedAt(), ended) > 0;
			});
	}

	/**
	 * The recipe that a run's seed and mode resolved to when it was accepted, as JSON.
	 */
	public String recipeJson(String run) {
		return this.recipes.findById(run).orElseThrow().recipe();
	}

	/**
	 * Which runs are asked for.
	 *
	 * @param state in this state
	 * @param name of this name
	 * @param label with this label
	 * @param content of this content
	 */
	record Filter(@Nullable RunState state, @Nullable String name, @Nullable String label, @Nullable String content) {
	}

}
