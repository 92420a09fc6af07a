# The disk of one attempt: a file system in a file, so that its size and its number of files are hard limits.
#
# usage: sh -c THIS volume make ATTEMPT WORKSPACE BYTES INODES | attach ATTEMPT WORKSPACE | detach ATTEMPT
#        | release ATTEMPT
#
# ATTEMPT/volume.mounts says what of it is shown where in WORKSPACE. A program each costs more than the file system:
# as few as can be are started.
#
# The file's blocks are taken at once: one that grew would fail in the middle of what a job writes when the machine's
# own disk is full, and the job would not hear of it. 76: not enough room for that. There is no journal, since nothing
# of an attempt outlives a loss of power but by good luck.

set -eu
export LC_ALL=C
action=$1
image=$2/volume.img
volume=$2/reprise-volume
workspace=${3-}
own='work outputs record'

attach() {
	mkdir -p "$volume"
	mount -t ext4 -o "loop,nosuid,nodev,noatime,noinit_itable,errors=remount-ro$1" "$image" "$volume"
	[ -d "$volume/record" ] || (cd "$volume" && mkdir -p $own)
}

holds() {
	for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		[ ! -e "$entry" ] && [ ! -L "$entry" ] || return 0
	done
	return 1
}

# The device that is mounted at the volume's place; empty where none is. Places are written with their blanks escaped.
device() {
	while read -r number parent device root place rest; do
		case $place in *\\*) place=$(unescaped "$place") ;; esac
		[ "$place" != "$volume" ] || found=$device
	done </proc/self/mountinfo
	printf '%s' "${found-}"
}

unescaped() { printf '%b' "$1" | sed 's/\\134/\\/g'; }

case $action in
	make)
		fallocate -l "$4" "$image" || exit 76
		mke2fs -q -F -t ext4 -b 4096 -m 0 -N "$5" -O '^has_journal,^resize_inode' -E nodiscard,lazy_itable_init=1 "$image"
		attach ''
		rmdir "$volume/lost+found"
		for name in $own; do
			if [ ! -d "$workspace/$name" ]; then
				mkdir "$workspace/$name"
			elif holds "$workspace/$name"; then
				cp -a -- "$workspace/$name/." "$volume/$name/"
			fi
		done
		mount -a -T "$2/volume.mounts"
		;;
	attach)
		# After the machine was started again.
		if [ -z "$(device)" ]; then
			e2fsck -fy "$image" >/dev/null 2>&1 || true
			attach ,ro
			mount -a -T "$2/volume.mounts"
		fi
		;;
	detach | release)
		ours=$(device)
		places=
		while read -r number parent device root place rest; do
			# The last mounted first.
			[ -z "$ours" ] || [ "$device" != "$ours" ] || places="$place
$places"
		done </proc/self/mountinfo
		printf '%s' "$places" | while read -r place; do
			place=$(unescaped "$place")
			umount "$place" 2>/dev/null || umount -l "$place"
		done
		[ "$action" = detach ] || rm -f -- "$image"
		;;
esac
