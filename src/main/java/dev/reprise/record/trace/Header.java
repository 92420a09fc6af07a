package dev.reprise.record.trace;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What the header of a segment says.
 *
 * @param segment its number, from 0
 * @param every how many steps lie between two rows, from 1
 * @param rank of the process among those that train together, null where it trains alone
 * @param worldSize how many train together
 * @param runtime which wrote it
 * @param columns in the order of the rows
 */
record Header(int segment, long every, @Nullable Integer rank, @Nullable Integer worldSize, String runtime,
		List<Column> columns) {

	Header {
		columns = List.copyOf(columns);
	}

	/**
	 * Whether another segment's header speaks of the same process.
	 */
	boolean fits(Header other) {
		return this.every == other.every && this.runtime.equals(other.runtime) && Objects.equals(this.rank, other.rank)
				&& Objects.equals(this.worldSize, other.worldSize);
	}

}
