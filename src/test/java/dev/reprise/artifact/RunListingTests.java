package dev.reprise.artifact;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class RunListingTests {

	private static final Digest DIGEST = Digest.of(new byte[0]);

	private final JsonMapper json = JsonMapper.builder().build();

	@Test
	void theJsonIsThatOfTheContractAndIsReadBack() {
		ListedFile file = new ListedFile("a.py", "644", 0, DIGEST);
		Listing listing = new Listing(List.of(file));
		RunListing run = new RunListing(CodeListing.of(listing, new GitState("f".repeat(40), null)),
				Map.of("mnist", new InputListing(DIGEST, List.of(file))), OutputListing.of(listing, List.of(file),
						List.of(new Refused("x\\x0a", "a named pipe, not a file")), List.of("gone.py")));
		String written = this.json.writeValueAsString(run);
		String one = "{'path':'a.py','mode':'644','size':0,'digest':'" + DIGEST + "'}";
		String expected = "{'schema':1,'code':{'digest':'" + listing.digest() + "','files':[" + one
				+ "],'git':{'commit':'" + "f".repeat(40) + "','dirty':null}},'inputs':{'mnist':{'digest':'" + DIGEST
				+ "','files':[" + one + "]}},'outputs':{'digest':'" + listing.digest() + "','files':[" + one
				+ "],'unmatched':[" + one
				+ "],'refused':[{'path':'x\\\\x0a','reason':'a named pipe, not a file'}],'deleted':['gone.py']}}";
		assertThat(this.json.readTree(written)).isEqualTo(this.json.readTree(expected.replace('\'', '"')));
		assertThat(this.json.readValue(written, RunListing.class)).isEqualTo(run);
	}

}
