// Checks a served log with golang.org/x/mod/sumdb and nothing of ours.
//
// Usage: check VKEY BASE_URL [OLD_SIZE OLD_ROOT_BASE64]
//
// It opens the checkpoint, reads every tile it needs through tlog.TileHashReader (which checks them
// against the root), recomputes the leaves of some bundles, proves those records and the old tree,
// and prints "SIZE ROOT".
package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// A reader fetches each tile once: the library hands back those that it has checked.
type reader struct {
	base    string
	checked map[tlog.Tile][]byte
}

func (reader) Height() int { return height }

func (r reader) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		r.checked[tile] = data[i]
	}
}

func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, found := r.checked[tile]
		if !found {
			var err error
			path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
			if data, err = get(r.base + "/" + path); err != nil {
				return nil, err
			}
		}
		all = append(all, data)
	}
	return all, nil
}

func get(url string) ([]byte, error) {
	answer, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func hash(text string) tlog.Hash {
	var found tlog.Hash
	copy(found[:], must(base64.StdEncoding.DecodeString(text)))
	return found
}

func main() {
	key, base := os.Args[1], os.Args[2]
	verifier := must(note.NewVerifier(key))
	whole := must(get(base + "/checkpoint"))
	opened := must(note.Open(whole, note.VerifierList(verifier)))
	lines := strings.Split(opened.Text, "\n")
	size := must(strconv.ParseInt(lines[1], 10, 64))
	tree := tlog.Tree{N: size, Hash: hash(lines[2])}
	if lines[0] != verifier.Name() {
		must(0, fmt.Errorf("origin %s", lines[0]))
	}
	hashes := tlog.TileHashReader(tree, reader{base, map[tlog.Tile][]byte{}})
	for _, bundle := range []int64{0, (size - 1) / 512, (size - 1) / 256} {
		check(base, tree, hashes, bundle)
	}
	if len(os.Args) > 4 {
		old := must(strconv.ParseInt(os.Args[3], 10, 64))
		proof := must(tlog.ProveTree(size, old, hashes))
		must(0, tlog.CheckTree(proof, size, tree.Hash, old, hash(os.Args[4])))
	}
	fmt.Println(size, lines[2])
}

func check(base string, tree tlog.Tree, hashes tlog.HashReader, bundle int64) {
	first := bundle * 256
	tile := tlog.Tile{H: height, L: -1, N: bundle, W: int(min(256, tree.N-first))}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	data := must(get(base + "/" + path))
	for number := first; number < first+int64(tile.W); number++ {
		length := int(data[0])<<8 | int(data[1])
		leaf := tlog.RecordHash(data[2 : 2+length])
		data = data[2+length:]
		proof := must(tlog.ProveRecord(tree.N, number, hashes))
		must(0, tlog.CheckRecord(proof, tree.N, tree.Hash, number, leaf))
	}
	if len(data) != 0 {
		must(0, fmt.Errorf("%d bytes behind the last entry of %s", len(data), path))
	}
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
