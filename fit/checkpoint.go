package fit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
)

// checkpoint is the finished replicates of a bootstrap, in a file too if it has one. The file is
// a line with the digest of what is computed, then for each replicate its parameters as float64,
// little-endian, NaNs where the refit failed. A replicate that a crash left half is done again.
type checkpoint struct {
	replicates [][]float64
	file       *os.File // nil for none
	width      int      // parameters of a replicate
}

// openCheckpoint goes on with the file at path, if it is one of the same computation.
func openCheckpoint(path, digest string, width int) (*checkpoint, error) {
	c := &checkpoint{width: width}
	if path == "" {
		return c, nil
	}
	header := "pullback bootstrap " + digest + "\n"
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text = nil
	case err != nil:
		return nil, err
	case len(text) >= len(header) && !bytes.HasPrefix(text, []byte(header)),
		len(text) < len(header) && !bytes.HasPrefix([]byte(header), text):
		return nil, fmt.Errorf("%s is not the checkpoint of this bootstrap, but of other data, "+
			"another model or other options, or another file altogether; name another file, or "+
			"delete it to begin anew", path)
	}
	size := 8 * width
	whole := len(header)
	if len(text) >= len(header) {
		rest := text[len(header):]
		for ; len(rest) >= size; rest = rest[size:] {
			c.replicates = append(c.replicates, decodeReplicate(rest[:size]))
			whole += size
		}
	}
	if c.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, err
	}
	if len(text) < len(header) {
		if _, err := c.file.WriteAt([]byte(header), 0); err != nil {
			return nil, err
		}
	}
	if err := c.file.Truncate(int64(whole)); err != nil {
		return nil, err
	}
	_, err = c.file.Seek(int64(whole), 0)
	return c, err
}

// add keeps more replicates; nil is one that failed.
func (c *checkpoint) add(replicates [][]float64) error {
	c.replicates = append(c.replicates, replicates...)
	if c.file == nil {
		return nil
	}
	out := bufio.NewWriter(c.file)
	for _, x := range replicates {
		for i := range c.width {
			bits := math.Float64bits(math.NaN())
			if x != nil {
				bits = math.Float64bits(x[i])
			}
			if err := binary.Write(out, binary.LittleEndian, bits); err != nil {
				return err
			}
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return c.file.Sync()
}

func decodeReplicate(text []byte) []float64 {
	out := make([]float64, len(text)/8)
	for i := range out {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(text[8*i:]))
		if math.IsNaN(out[i]) {
			return nil
		}
	}
	return out
}

// close keeps the file.
func (c *checkpoint) close() {
	if c.file != nil {
		c.file.Close()
	}
}

// remove deletes the file, at the end.
func (c *checkpoint) remove() error {
	if c.file == nil {
		return nil
	}
	path := c.file.Name()
	c.close()
	c.file = nil
	return os.Remove(path)
}

// digest tells computations apart whose replicates differ. The number of replicates is not part
// of it: more of them begin with the same ones.
func (e *estimator) digest(r Resampling) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%s\n%s\n%q %q %d %q\n", FormatNow, e.fit.Model.Text, e.fit.Data.Digest,
		r.Resample, r.Cluster, e.o.Seed, e.o.Method)
	for _, p := range e.fit.Parameters {
		fmt.Fprintf(h, "%x\n", math.Float64bits(p.Estimate))
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
