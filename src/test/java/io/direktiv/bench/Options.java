package io.direktiv.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a benchmark run was asked for.
///
/// @param names the benchmarks; empty for all
/// @param duration of each measurement, when the caller chose one
/// @param count how many things are measured, when the caller chose it
record Options(List<String> names, Optional<Duration> duration, Optional<Integer> count) {
  static Options parse(List<String> args) {
    List<String> names = new ArrayList<>();
    Optional<Duration> duration = Optional.empty();
    Optional<Integer> count = Optional.empty();
    for (int i = 0; i < args.size(); i++) {
      if (args.get(i).equals("--seconds") && i + 1 < args.size()) {
        i++;
        duration = Optional.of(Duration.ofSeconds(Long.parseLong(args.get(i))));
      } else if (args.get(i).equals("--count") && i + 1 < args.size()) {
        i++;
        count = Optional.of(Integer.parseInt(args.get(i)));
      } else {
        names.add(args.get(i));
      }
    }
    return new Options(List.copyOf(names), duration, count);
  }
}
