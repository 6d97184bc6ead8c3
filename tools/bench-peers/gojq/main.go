// Measures gojq: nanoseconds per evaluation of a compiled program over a parsed document.
//
// Arguments: a folder with programs.json and the documents it names. Prints one line for each
// program: its name, a tab, the best of several rounds.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"time"

	"github.com/itchyny/gojq"
)

type program struct {
	Name     string `json:"name"`
	Text     string `json:"text"`
	Document string `json:"document"`
}

func read(path string, into any) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		panic(err)
	}
}

func evaluate(code *gojq.Code, input any) error {
	outputs := code.Run(input)
	for {
		output, ok := outputs.Next()
		if !ok {
			return nil
		}
		if err, ok := output.(error); ok {
			return err
		}
	}
}

func rounds(code *gojq.Code, input any, count int, length time.Duration) []float64 {
	var found []float64
	for i := 0; i < count; i++ {
		start := time.Now()
		n := 0
		for time.Since(start) < length || n == 0 {
			evaluate(code, input)
			n++
		}
		found = append(found, float64(time.Since(start).Nanoseconds())/float64(n))
	}
	sort.Float64s(found)
	return found
}

func main() {
	var programs []program
	read(filepath.Join(os.Args[1], "programs.json"), &programs)
	for _, p := range programs {
		var input any
		read(filepath.Join(os.Args[1], p.Document+".json"), &input)
		query, err := gojq.Parse(p.Text)
		if err != nil {
			continue
		}
		code, err := gojq.Compile(query)
		if err != nil {
			continue
		}
		start := time.Now()
		if evaluate(code, input) != nil {
			continue
		}
		nanos := float64(time.Since(start).Nanoseconds())
		if nanos < 2e9 {
			rounds(code, input, 1, 300*time.Millisecond)
			nanos = rounds(code, input, 5, 200*time.Millisecond)[0]
		}
		fmt.Printf("%s\t%f\n", p.Name, nanos)
	}
}
