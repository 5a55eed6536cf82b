// Verifies proofs and checkpoints with the code behind Go's checksum database, and counts altered ones that it takes.
//
// Input, a line each:
//
//	inclusion SIZE ROOT INDEX LEAF STEP,STEP,...
//	consistency OLD OLD-ROOT SIZE ROOT STEP,STEP,...
//	note KEY NOTE
//
// Hashes are in hexadecimal digits, keys and notes in base64. Output, a line for each: "1" or "0" for what was given,
// and how many of its altered forms were tried and were taken.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		words := strings.Split(in.Text(), " ")
		var good bool
		var tried, taken int
		switch words[0] {
		case "inclusion":
			size, root, index, leaf, steps := number(words[1]), hash(words[2]), number(words[3]), hash(words[4]), hashes(words[5])
			check := func(proof []tlog.Hash, index int64) bool {
				return tlog.CheckRecord(proof, size, root, index, leaf) == nil
			}
			good = check(steps, index)
			altered(steps, func(proof []tlog.Hash) { count(check(proof, index), &tried, &taken) })
			if size > 1 {
				count(check(steps, (index+1)%size), &tried, &taken)
			}
		case "consistency":
			old, before, size, root, steps := number(words[1]), hash(words[2]), number(words[3]), hash(words[4]), hashes(words[5])
			check := func(proof []tlog.Hash, before, root tlog.Hash) bool {
				return tlog.CheckTree(proof, size, root, old, before) == nil
			}
			good = check(steps, before, root)
			altered(steps, func(proof []tlog.Hash) { count(check(proof, before, root), &tried, &taken) })
			count(check(steps, flipped(before), root), &tried, &taken)
			count(check(steps, before, flipped(root)), &tried, &taken)
		case "note":
			verifier, err := note.NewVerifier(string(decoded(words[1])))
			must(err)
			known, text := note.VerifierList(verifier), decoded(words[2])
			opened, err := note.Open(text, known)
			good = err == nil && len(opened.Sigs) == 1
			for bit := 0; bit < len(text)*8; bit++ {
				text[bit/8] ^= 1 << (bit % 8)
				other, err := note.Open(text, known)
				// Go reads base64 whose unused last bits are not zero: another spelling of the same signature, which we refuse.
				count(err == nil && said(other) != said(opened), &tried, &taken)
				text[bit/8] ^= 1 << (bit % 8)
			}
		default:
			panic("unknown: " + words[0])
		}
		fmt.Fprintln(out, map[bool]int{true: 1}[good], tried, taken)
	}
	must(in.Err())
}

// altered gives each form of a proof that has one step changed, left out, added or, where they differ, exchanged.
func altered(steps []tlog.Hash, try func([]tlog.Hash)) {
	for at := range steps {
		changed := append([]tlog.Hash{}, steps...)
		changed[at] = flipped(changed[at])
		try(changed)
		try(append(append([]tlog.Hash{}, steps[:at]...), steps[at+1:]...))
		if at > 0 && steps[at] != steps[at-1] {
			changed = append([]tlog.Hash{}, steps...)
			changed[at], changed[at-1] = changed[at-1], changed[at]
			try(changed)
		}
	}
	try(append(append([]tlog.Hash{}, steps...), tlog.Hash{}))
}

// said is all that a note says: its text and the bytes of its signature.
func said(one *note.Note) string {
	return one.Text + string(decoded(one.Sigs[0].Base64))
}

func flipped(one tlog.Hash) tlog.Hash {
	one[0] ^= 1
	return one
}

func count(accepted bool, tried, taken *int) {
	*tried++
	if accepted {
		*taken++
	}
}

func hashes(text string) []tlog.Hash {
	found := []tlog.Hash{}
	for _, one := range strings.Split(text, ",") {
		if one != "" {
			found = append(found, hash(one))
		}
	}
	return found
}

func hash(text string) (found tlog.Hash) {
	data, err := hex.DecodeString(text)
	must(err)
	copy(found[:], data)
	return found
}

func number(text string) int64 {
	found, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return found
}

func decoded(text string) []byte {
	data, err := base64.StdEncoding.DecodeString(text)
	must(err)
	return data
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
