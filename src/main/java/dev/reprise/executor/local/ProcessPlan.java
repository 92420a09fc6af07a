package dev.reprise.executor.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.reprise.executor.Launch;
import dev.reprise.run.spec.Network;
import dev.reprise.runtime.Mount;

/**
 * Isolation {@code process}, for want of bubblewrap: processes, network, host name, user
 * and control groups are the attempt's own, and it sees the contract's folders; but what
 * anyone may read of the host it can read too, and no system call is refused. Needs root.
 *
 * @param launch what to start
 * @param files where its plan is written
 * @param user the unprivileged user that root changes to
 */
record ProcessPlan(Launch launch, AttemptFiles files, int user) {

	/**
	 * The job's user by the names of the contract, under the number that it has here.
	 */
	String passwd() {
		return "root:x:0:0:root:/root:/usr/sbin/nologin\njob:x:" + this.user + ":" + this.user
				+ ":job:/home/job:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
	}

	String group() {
		return "root:x:0:\njob:x:" + this.user + ":\nnogroup:x:65534:\n";
	}

	/**
	 * Lines of the supervisor that gather a root folder of the attempt's own, from the
	 * host's top folders and the contract's.
	 */
	String prepare() {
		StringBuilder plan = new StringBuilder("""
				umask 022
				mkdir -p gathered && mount -t tmpfs -o mode=755,size=1m reprise gathered || return
				for name in /*; do
					case $name in /proc | /dev | /tmp | /home | /workspace | /lost+found) continue ;; esac
					if [ -L "$name" ]; then
						ln -s "$(readlink "$name")" "gathered$name"
					elif [ -d "$name" ]; then
						mkdir "gathered$name" && mount --rbind "$name" "gathered$name" || return
					fi
				done
				mkdir gathered/proc gathered/dev gathered/tmp gathered/home gathered/workspace
				mount -t tmpfs -o mode=755,size=64k reprise gathered/dev || return
				for name in null zero full random urandom tty; do
					: >gathered/dev/$name && mount --bind /dev/$name gathered/dev/$name || return
				done
				ln -s /proc/self/fd gathered/dev/fd
				ln -s /proc/self/fd/0 gathered/dev/stdin
				ln -s /proc/self/fd/1 gathered/dev/stdout
				ln -s /proc/self/fd/2 gathered/dev/stderr
				mkdir gathered/dev/shm gathered/home/job
				""");
		for (MemoryFolders.One one : new MemoryFolders(this.launch.limits().memory(), this.user).all()) {
			plan.append("mount -t tmpfs -o nosuid,nodev,").append(one.options());
			plan.append(" reprise gathered").append(one.place()).append(" || return\n");
		}
		for (Path device : this.launch.devices()) {
			if (Files.exists(device)) {
				place(plan, device, device.toString(), true);
			}
		}
		for (String name : List.of("passwd", "group", "hosts", "nsswitch.conf")) {
			place(plan, this.files.file(this.files.mark()).resolve(name), "/etc/" + name, false);
		}
		for (String name : List.of("job.json", "inputs", "work", "outputs", "record")) {
			boolean own = !name.equals("job.json") && !name.equals("inputs");
			place(plan, this.launch.workspace().resolve(name), Launch.WORKSPACE + "/" + name, own);
		}
		Set<String> hidden = new TreeSet<>();
		for (Mount mount : mounts()) {
			String top = mount.target().substring(0, (mount.target() + "/").indexOf('/', 1));
			// Made there, its folders would be made on the host.
			if (!top.equals(Launch.WORKSPACE) && !top.equals("/home") && hidden.add(top)) {
				plan.append("[ -d gathered").append(Sandbox.quote(top)).append(" ] || mkdir gathered");
				plan.append(Sandbox.quote(top)).append("\nmount -t tmpfs -o mode=755,size=1m reprise gathered");
				plan.append(Sandbox.quote(top)).append(" || return\n");
			}
		}
		mounts().forEach((mount) -> place(plan, mount.source(), mount.target(), mount.writable()));
		return plan.append("umask 077\n").toString();
	}

	/**
	 * Below {@code /usr} all is there already.
	 */
	private List<Mount> mounts() {
		return this.launch.mounts()
			.stream()
			.filter((mount) -> !mount.target().startsWith("/usr/") || !mount.source().toString().equals(mount.target()))
			.sorted(Comparator.comparingInt((mount) -> Path.of(mount.target()).getNameCount()))
			.toList();
	}

	private static void place(StringBuilder plan, Path from, String to, boolean writable) {
		String source = Sandbox.quote(from.toString());
		String target = "gathered" + Sandbox.quote(to);
		plan.append("if [ -d ").append(source).append(" ]; then mkdir -p ").append(target);
		plan.append("; else [ -e ").append(target).append(" ] || { mkdir -p \"$(dirname ").append(target);
		plan.append(")\" && : >").append(target).append("; }; fi\nmount --bind ").append(source).append(' ');
		plan.append(target).append(" || return\n");
		if (!writable) {
			plan.append("mount -o remount,bind,ro ").append(target).append(" || return\n");
		}
	}

	/**
	 * The line that becomes the first process of the attempt's namespaces, a shell that
	 * starts the job.
	 */
	String run() {
		String net = (this.launch.network() == Network.NONE) ? "--net " : "";
		String up = net.isEmpty() ? "" : "ip link set lo up && ";
		return "unshare --pid --fork --kill-child --ipc --uts " + net
				+ "--mount --propagation private /bin/sh -c 'hostname reprise && " + up
				+ "mount -t proc -o nosuid,nodev,noexec proc gathered/proc && exec chroot gathered "
				+ "setpriv --reuid " + this.user + " --regid " + this.user
				+ " --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all env -i /bin/sh -s' 4<&- 8<&-";
	}

}
