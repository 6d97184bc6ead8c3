// A function of Direktiv: it is sent its input by POST and answers with its result, both JSON.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// functionError is what the workflow can catch by its code.
type functionError struct{ code, message string }

func (e functionError) Error() string { return e.message }

type input struct {
	Name string `json:"name"`
}

type output struct {
	Greeting string `json:"greeting"`
}

// call does the work; say writes a line to the instance's log.
func call(in input, say func(string)) (output, error) {
	if in.Name == "" {
		return output{}, functionError{"greet.noName", "the input has no name"}
	}
	say("greeting " + in.Name)
	return output{Greeting: fmt.Sprintf("Hello, %s!", in.Name)}, nil
}

func handle(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		// DELETE: the action was cancelled; this function is too quick to care.
		return
	}
	var in input
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil && err != io.EOF {
		fail(w, err)
		return
	}
	out, err := call(in, func(text string) { say(r.Header.Get("Direktiv-ActionID"), text) })
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(out)
}

func fail(w http.ResponseWriter, err error) {
	code := "greet.failed"
	var known functionError
	if errors.As(err, &known) {
		code = known.code
	}
	w.Header().Set("Direktiv-ErrorCode", code)
	w.Header().Set("Direktiv-ErrorMessage", strings.Join(strings.Fields(err.Error()), " "))
	w.WriteHeader(http.StatusInternalServerError)
}

func say(action, text string) {
	client := http.Client{Timeout: 2 * time.Second}
	target := "http://127.0.0.1:8889/log?aid=" + url.QueryEscape(action)
	answer, err := client.Post(target, "text/plain", strings.NewReader(text))
	if err != nil {
		fmt.Fprintln(os.Stderr, text)
		return
	}
	answer.Body.Close()
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	http.HandleFunc("/", handle)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
