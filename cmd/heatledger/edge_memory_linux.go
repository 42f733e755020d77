package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// releaseProgram takes the pages of the program's file out of the process that the
// start alone needed; those that are needed again come back as they are touched. Pages
// that were changed, and those that can be, stay (proc(5), smaps: Anonymous).
func releaseProgram() error {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	list, err := os.Open("/proc/self/smaps")
	if err != nil {
		return err
	}
	defer list.Close()
	var from, to uintptr // of the mapping that is read; to is 0 where it is not the program's
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		field := strings.Fields(lines.Text())
		switch {
		case len(field) > 1 && len(field[1]) == 4 && strings.HasPrefix(field[1], "r") && strings.Contains(field[0], "-"):
			to = 0
			if field[1][1] != 'w' && strings.HasSuffix(lines.Text(), " "+program) {
				if _, err := fmt.Sscanf(field[0], "%x-%x", &from, &to); err != nil {
					return fmt.Errorf("read a mapping %q: %w", field[0], err)
				}
			}
		case to != 0 && len(field) == 3 && field[0] == "Anonymous:" && field[1] == "0":
			if _, _, errno := unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_DONTNEED); errno != 0 {
				return fmt.Errorf("release %d bytes of the program: %w", to-from, errno)
			}
		}
	}
	return lines.Err()
}
