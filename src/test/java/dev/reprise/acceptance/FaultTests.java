package dev.reprise.acceptance;

import java.nio.file.Path;
import java.security.SecureRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is lost, whatever is killed: seeded kills of the service, of supervisors and of
 * jobs. {@code -Dreprise.fault.kills=200} makes it a long campaign,
 * {@code -Dreprise.fault.seed=N} repeats one.
 */
class FaultTests {

	@TempDir
	Path folder;

	@Test
	void whateverIsKilledNothingIsLost() throws Exception {
		long seed = Long.getLong("reprise.fault.seed", new SecureRandom().nextInt(1_000_000_000));
		int kills = Integer.getInteger("reprise.fault.kills", 24);
		FaultCampaign campaign = new FaultCampaign(this.folder);
		try {
			for (long round = seed; campaign.count() < kills; round++) {
				try {
					String what = campaign.round(round);
					System.out.println("fault " + round + ": " + what);
				}
				catch (AssertionError | Exception ex) {
					throw new AssertionError("after " + campaign.count() + " kills, " + campaign.kills()
							+ ", a promise was broken. Repeat this round by -Dreprise.fault.seed=" + round
							+ " -Dreprise.fault.kills=1, or all of them by -Dreprise.fault.seed=" + seed
							+ " -Dreprise.fault.kills=" + (campaign.count() + 1), ex);
				}
			}
			campaign.end();
			System.out.println(campaign.count() + " kills from seed " + seed + ": " + campaign.kills());
		}
		finally {
			campaign.abort();
		}
	}

}
