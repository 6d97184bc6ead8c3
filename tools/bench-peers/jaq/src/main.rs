//! Measures jaq: nanoseconds per evaluation of a compiled program over a parsed document.
//!
//! Arguments: a folder with programs.json and the documents it names. Prints one line for each
//! program: its name, a tab, the best of several rounds.
use jaq_all::data::{self, Filter, Runner};
use jaq_all::fmts::read::json::parse_many;
use jaq_all::json::Val;
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn evaluate(filter: &Filter, runner: &Runner, input: &Val) -> bool {
    let inputs = core::iter::once(Ok::<Val, String>(input.clone()));
    let name = Val::Null;
    data::run(
        runner,
        filter,
        Default::default(),
        (&name, inputs),
        |_| (),
        |output| match output {
            Ok(value) => {
                std::hint::black_box(value);
                Ok(())
            }
            Err(_) => Err(()),
        },
    )
    .is_ok()
}

fn rounds(filter: &Filter, runner: &Runner, input: &Val, count: usize, length: Duration) -> Vec<f64> {
    let mut found = Vec::new();
    for _ in 0..count {
        let start = Instant::now();
        let mut n = 0u64;
        while n == 0 || start.elapsed() < length {
            evaluate(filter, runner, input);
            n += 1;
        }
        found.push(start.elapsed().as_nanos() as f64 / n as f64);
    }
    found.sort_by(f64::total_cmp);
    found
}

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}.json")).expect(name);
    let programs: serde_json::Value = serde_json::from_str(&read("programs")).expect("programs");
    let runner = Runner::default();
    for program in programs.as_array().expect("a list") {
        let text = program["text"].as_str().expect("text");
        let document = read(program["document"].as_str().expect("document"));
        let input = parse_many(document.as_bytes()).next().expect("a value").expect("a value");
        let Ok(filter) = data::compile(text) else { continue };
        let start = Instant::now();
        if !evaluate(&filter, &runner, &input) {
            continue;
        }
        let mut nanos = start.elapsed().as_nanos() as f64;
        if nanos < 2e9 {
            rounds(&filter, &runner, &input, 1, Duration::from_millis(300));
            nanos = rounds(&filter, &runner, &input, 5, Duration::from_millis(200))[0];
        }
        println!("{}\t{nanos}", program["name"].as_str().expect("name"));
    }
}
