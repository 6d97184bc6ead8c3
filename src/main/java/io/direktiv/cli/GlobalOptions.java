package io.direktiv.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/// Options that every command takes, before and after its name.
final class GlobalOptions {
  @Option(
      names = "--grpc",
      scope = ScopeType.INHERIT,
      paramLabel = "HOST:PORT",
      description = {"the server; default $DIREKTIV_GRPC,", "else 127.0.0.1:6666"})
  private String grpc;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "print results and errors as JSON")
  private boolean json;

  @Option(
      names = "--timeout",
      scope = ScopeType.INHERIT,
      paramLabel = "SECONDS",
      converter = Seconds.class,
      description = "how long to wait for the server; default 3, without end for --wait, --follow")
  private BigDecimal timeout;

  @Option(
      names = "--token-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "a file with the API token; default $DIREKTIV_TOKEN or $DIREKTIV_TOKEN_FILE")
  private String tokenFile;

  @Option(
      names = "--token",
      scope = ScopeType.INHERIT,
      paramLabel = "TOKEN",
      description = "the API token itself; everybody on this machine can see it in ps")
  private String token;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "print this text")
  private boolean help;

  /// Reads what `--timeout` says.
  static final class Seconds implements ITypeConverter<BigDecimal> {
    @Override
    public BigDecimal convert(String text) {
      try {
        return new BigDecimal(text);
      } catch (NumberFormatException _) {
        throw new TypeConversionException("'" + text + "' is not a number of seconds");
      }
    }
  }

  Optional<String> grpc() {
    return Optional.ofNullable(grpc);
  }

  boolean isJson() {
    return json;
  }

  /// The time that was given; what no clock can count is a very long time.
  Optional<Duration> timeout() {
    if (timeout == null) {
      return Optional.empty();
    }
    if (timeout.signum() <= 0) {
      throw UserException.usage("--timeout must be more than 0 seconds, but it is " + timeout);
    }
    BigDecimal millis = timeout.movePointRight(3).min(BigDecimal.valueOf(Integer.MAX_VALUE));
    return Optional.of(Duration.ofMillis(Math.max(1, millis.longValue())));
  }

  Optional<String> tokenFile() {
    return Optional.ofNullable(tokenFile);
  }

  Optional<String> token() {
    return Optional.ofNullable(token);
  }
}
