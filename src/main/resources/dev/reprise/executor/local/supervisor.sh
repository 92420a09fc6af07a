# Holds one attempt. Standard input is a pipe whose other end only the service has: when it
# closes, however that comes about, nothing of the attempt is left.
#
# usage: sh supervisor.sh FOLDER           FOLDER belongs to the service and holds `plan`,
#                                          which sets the variables that are used below
#
# Files in FOLDER: lock (held while anything lives), pid (of the outer process, and when the
# kernel started it), started (not empty once the sandbox stands), asked (the service wants the
# job to end, and has written down why), closed (the pipe closed), status (exit CODE, or closed), busy (yes or no: whether what kept the
# cores busy lived until the job ended), supervisor.log (what went wrong here). File descriptor 5 is
# the job's standard error, which is bubblewrap's until the job starts.

set -u
umask 077
ulimit -c 0
cd "$1" || exit 70

if [ "${2-}" != inside ]; then
	exec 9>>lock 5>&2 2>>supervisor.log
	if ! flock -n 9; then
		echo 'another supervisor holds the lock of this attempt' >&2
		exit 71
	fi
	# The service came back and took this attempt for ended.
	[ ! -e ended ] || exit 75
	read -r line </proc/self/stat
	set -- "$1" ${line##*) }
	shift 20
	started=$1
	echo "$$ $started" >pid
	. ./plan
	# The child dies with its parent; both hold the lock; the job does not.
	exec unshare $namespaces --mount --pid --fork --kill-child --mount-proc --propagation private \
		/bin/sh "$PWD/supervisor.sh" "$PWD" inside
fi

# Here `kill -1` would reach the whole machine if this were not a process namespace of its own.
if [ $$ -ne 1 ]; then
	echo 'no process namespace of its own' >&2
	exit 72
fi

# Processes two namespaces down are the job's, but for the first of them, which is bubblewrap's.
terminate() {
	for file in /proc/[0-9]*/status; do
		while read -r key pid inner more; do
			if [ "$key" = NSpid: ]; then
				case $inner in '' | 1) ;; *) kill -s TERM "$pid" ;; esac
				break
			fi
		done <"$file"
	done 2>/dev/null
}

watch() {
	while read -r word <&3; do
		if [ "$word" = TERM ]; then
			: >asked
			terminate
		fi
	done
	: >closed
	# Again and again, since the first process may be about to start another.
	while :; do
		kill -s KILL -- -1
		sleep 0.02
	done
}

# The disks of other attempts: as long as they were mounted here too, they could not be given back. By one program,
# however many they are: until it has ended, what the service's death ends is not ended.
detach() {
	foreign=' '
	set --
	while read -r device place rest; do
		case $place in *\\*) place=$(printf '%b' "$place" | sed 's/\\134/\\/g') ;; esac
		case $place in
			"$PWD/reprise-volume") ;;
			*/reprise-volume) foreign="$foreign$device " ;;
		esac
		case $foreign in *" $device "*) set -- "$@" "$place" ;; esac
	done <<-MOUNTS
		$(cat /proc/self/mounts)
	MOUNTS
	[ $# -eq 0 ] || umount -l "$@"
}

exec 3<&0 </dev/null
watch 2>/dev/null &
exec 3<&-
. ./plan
[ -n "$namespaces" ] || detach
prepare || exit 73

# What keeps the job's cores busy lives outside its namespaces and control groups, so that it sees nothing of it and is
# not counted for it; and it ends with this shell, which is the first process of its namespace.
loads=
for core in $load; do
	taskset -c "$core" dd if=/dev/zero of=/dev/null bs=1M >/dev/null 2>&1 5>&- 9>&- &
	loads="$loads $!"
done

# Through a pipe: the job can see where the files lie that bubblewrap has open.
cat command | (
	umask 022
	for group in $groups; do
		echo 0 >"$group/cgroup.procs" || exit 74
	done
	run
) 2>&5 4<filter 5>&- 7>started 8<arguments 9>&-
code=$?

# What was killed because the service is gone says nothing.
if [ -n "$load" ] && [ ! -e closed ]; then
	busy=yes
	for pid in $loads; do
		line=
		read -r line <"/proc/$pid/stat" || :
		# Behind the name, which may hold anything, stands the state; one that ended may not have been waited for.
		case ${line##*) } in '' | [ZX]*) busy=no ;; esac
	done 2>/dev/null
	echo "$busy" >busy
fi

# A job that writes may die of its broken pipe at the moment in which the service dies, before
# the watch has seen that: what such a job returned is not its own. Where the service asked for
# the end, the reason that it wrote down before counts, whatever the job returned.
[ "$code" -eq 0 ] || [ -e asked ] || sleep 0.1

if [ -e closed ]; then
	echo closed >status.new
else
	echo "exit $code" >status.new
fi
mv status.new status
exit "$code"
