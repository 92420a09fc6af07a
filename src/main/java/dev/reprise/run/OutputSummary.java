package dev.reprise.run;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * What a run put out.
 *
 * @param digest of the listing
 * @param files how many
 * @param bytes of all together
 */
@Embeddable
public record OutputSummary(@Column(name = "outputs_digest", length = 71) String digest,
		@Column(name = "outputs_files") Integer files, @Column(name = "outputs_bytes") Long bytes) {
}
