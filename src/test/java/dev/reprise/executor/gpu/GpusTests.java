package dev.reprise.executor.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.reprise.run.spec.GpuModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class GpusTests {

	private static final GpuModel H200 = new GpuModel("NVIDIA H200", false);

	private final List<Object> events = new ArrayList<>();

	@TempDir
	private Path temp;

	private final FakeDriver driver;

	GpusTests() throws IOException {
		this.driver = FakeDriver.install("one");
	}

	private Gpus gpus(String mode) throws IOException {
		this.driver.mode(mode);
		return new Gpus(this.driver.settings(Set.of()), this.events::add);
	}

	private List<String> faults(Gpus gpus) {
		return gpus.all().stream().map((gpu) -> (gpu.fault() != null) ? gpu.fault() : "").toList();
	}

	@Test
	void oneGpuIsFoundWithItsNode() throws IOException {
		Gpus gpus = gpus("one");
		assertThat(gpus.all()).containsExactly(new Gpu(FakeDriver.uuid(0), H200, "580.159.03", 143771L,
				List.of(this.driver.dev().resolve("nvidia7")), null));
		assertThat(gpus.models()).isEqualTo(Map.of(H200, 1));
		assertThat(gpus.problem()).isNull();
	}

	@Test
	void eightGpusHaveEachTheNodeThatTheDriverNames() throws IOException {
		List<Gpu> all = gpus("eight").all();
		assertThat(all).hasSize(8).allMatch((gpu) -> gpu.fault() == null);
		for (int i = 0; i < 8; i++) {
			assertThat(all.get(i).nodes()).containsExactly(this.driver.dev().resolve("nvidia" + (7 - i)));
		}
	}

	@Test
	void aDividedGpuIsItsPartsWithTheNodesThatOpenThem() throws IOException {
		List<Gpu> all = gpus("mig").all();
		assertThat(all).extracting(Gpu::uuid)
			.containsExactly("MIG-00000000-aaaa-bbbb-cccc-000000000000", "MIG-00000001-aaaa-bbbb-cccc-000000000001",
					FakeDriver.uuid(1));
		assertThat(all).extracting(Gpu::model)
			.containsExactly(new GpuModel("NVIDIA A100-SXM4-40GB MIG 3g.20gb", true),
					new GpuModel("NVIDIA A100-SXM4-40GB MIG 1g.5gb", true),
					new GpuModel("NVIDIA A100-SXM4-40GB", false));
		assertThat(all.getFirst().nodes()).containsExactly(this.driver.dev().resolve("nvidia7"),
				this.driver.dev().resolve("nvidia-caps/nvidia-cap3"),
				this.driver.dev().resolve("nvidia-caps/nvidia-cap4"));
		assertThat(all.getLast().nodes()).containsExactly(this.driver.dev().resolve("nvidia6"));
	}

	@Test
	void olderDriversNameAPartByItsGpu() {
		String uuid = FakeDriver.uuid(0);
		assertThat(GpuParts.read(List.of("GPU 0: A100-SXM4-40GB (UUID: " + uuid + ")",
				"  MIG 1g.5gb Device 0: (UUID: MIG-" + uuid + "/7/0)", "  MIG 1g.5gb Device 1: (UUID: MIG-x)")))
			.isEqualTo(Map.of(uuid, List.of(new GpuParts.Part("MIG-" + uuid + "/7/0", "1g.5gb"))));
	}

	@Test
	void aDriverWithoutGpusIsNoProblem() throws IOException {
		Gpus gpus = gpus("none");
		assertThat(gpus.all()).isEmpty();
		assertThat(gpus.problem()).isNull();
	}

	@Test
	void aMachineWithoutTheCommandHasNone() throws IOException {
		Gpus gpus = new Gpus(new GpuSettings(List.of(this.temp), Set.of(), this.temp, this.temp, null,
				Duration.ofSeconds(1), Duration.ofSeconds(1)), this.events::add);
		assertThat(gpus.all()).isEmpty();
		assertThat(gpus.problem()).isNull();
	}

	@Test
	void aDriverThatIsNotLoadedIsSaid() throws IOException {
		assertThat(gpus("no-driver").problem()).startsWith("NVIDIA-SMI has failed");
	}

	@Test
	void aDriverThatHangsIsGivenUpAndNotAskedAgainMeanwhile() throws IOException {
		Gpus gpus = gpus("eight");
		this.driver.mode("hang");
		long start = System.nanoTime();
		gpus.refresh();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(900),
				Duration.ofSeconds(5));
		assertThat(faults(gpus)).hasSize(8).allMatch((fault) -> fault.contains("did not answer within 1000 ms"));
		this.driver.mode("eight");
		gpus.refresh();
		assertThat(faults(gpus)).as("the command was killed, and the driver answers again").containsOnly("");
	}

	@ParameterizedTest
	@CsvSource({ "lost, it answers [GPU is lost] in place of a value", "err, it answers ERR! in place of a value",
			"unknown, it answers [Unknown Error] in place of a value", "fallen, it is no longer listed",
			"no-driver, it is no longer listed" })
	void aGpuThatNoLongerAnswersIsTakenOutOfUseAndSaid(String mode, String why) throws IOException {
		Gpus gpus = gpus("eight");
		this.events.clear();
		this.driver.mode(mode);
		gpus.refresh();
		assertThat(gpus.all()).hasSize(8);
		assertThat(gpus.all().get(1).model()).isEqualTo(H200);
		assertThat(faults(gpus).get(1)).startsWith(why);
		assertThat(this.events).containsExactly(new GpusChanged());
		gpus.refresh();
		assertThat(this.events).as("nothing changed").hasSize(1);
		this.driver.mode("eight");
		gpus.refresh();
		assertThat(faults(gpus)).as("it answers again").containsOnly("");
	}

	@Test
	void theOthersStayInUseWhereOneFallsOff() throws IOException {
		Gpus gpus = gpus("mixed");
		this.driver.mode("fallen");
		gpus.refresh();
		assertThat(faults(gpus).getFirst()).isEmpty();
		assertThat(faults(gpus).get(1)).contains("Unable to determine the device handle for GPU0000:11:00.0");
		assertThat(gpus.problem()).contains("Unable to determine");
	}

	@Test
	void anEndlessAnswerIsCut() throws IOException {
		Gpus gpus = gpus("flood");
		assertThat(gpus.all()).isEmpty();
		assertThat(gpus.problem()).contains("wrote more than");
	}

	@Test
	void whatIsNoGpuIsNotTakenForOne() throws IOException {
		Gpus gpus = gpus("hostile");
		assertThat(gpus.all()).allMatch((gpu) -> gpu.fault() != null)
			.allMatch((gpu) -> gpu.nodes().isEmpty() || gpu.nodes().getFirst().startsWith(this.driver.dev()));
		assertThat(gpus.all().toString() + gpus.problem()).doesNotContain("\033");
	}

	@Test
	void aGpuWhoseNodeIsMissingIsOutOfUse() throws IOException {
		Files.delete(this.driver.dev().resolve("nvidia7"));
		Gpus gpus = new Gpus(this.driver.settings(Set.of()), this.events::add);
		assertThat(faults(gpus).getFirst()).contains("its device node is not below", "nvidia-modprobe");
	}

	@Test
	void onlyThoseThatTheOperatorNamesAreGiven() throws IOException {
		this.driver.mode("eight");
		assertThat(new Gpus(this.driver.settings(Set.of(FakeDriver.uuid(5))), this.events::add).all())
			.extracting(Gpu::uuid)
			.containsExactly(FakeDriver.uuid(5));
	}

	@Test
	void librariesAreFoundInTheLoadersCacheOrWhereTheOperatorSays() throws IOException {
		Path folder = Files.createDirectories(this.temp.resolve("lib"));
		Files.createFile(folder.resolve("libcuda.so.1"));
		Path cache = this.temp.resolve("ld.so.cache");
		Files.write(cache, ("glibc-ld.so.cache1.1\0\1libcuda.so.1\0/nowhere/libcuda.so.1\0libcuda.so.1\0" + folder
				+ "/libcuda.so.1\0libcudart.so\0")
			.getBytes(StandardCharsets.ISO_8859_1));
		DriverLibraries cached = DriverLibraries.find(null, cache);
		assertThat(cached).isEqualTo(new DriverLibraries(folder, true, true));
		assertThat(cached.searched()).as("the loader finds it").isNull();
		assertThat(cached.toMount()).as("the sandbox has it not").isEqualTo(folder);
		DriverLibraries configured = DriverLibraries.find(Path.of("/usr/local/nvidia/lib64"), cache);
		assertThat(configured.searched()).isEqualTo(Path.of("/usr/local/nvidia/lib64"));
		assertThat(configured.toMount()).isNull();
	}

}
