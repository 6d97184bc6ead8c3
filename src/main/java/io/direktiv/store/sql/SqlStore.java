package io.direktiv.store.sql;

import io.direktiv.store.Change;
import io.direktiv.store.Definitions;
import io.direktiv.store.Holdings;
import io.direktiv.store.Instances;
import io.direktiv.store.Store;
import io.direktiv.store.StoreException;
import io.direktiv.store.StoreStatistics;
import io.direktiv.store.Waits;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.sqlite.SQLiteConfig;

/// The embedded store: a folder with one SQLite database.
///
/// Writes go through one [Committer] with `synchronous=FULL`, so a completed commit is on disk;
/// reads go through a few connections of their own and see what was committed.
public final class SqlStore implements Store {
  private static final String IN_USE = "DK0003";
  private final Path folder;
  private final Optional<FileChannel> lockFile;
  private final Committer committer;
  private final Readers readers;
  private boolean isClosed;

  private SqlStore(
      Path folder, Optional<FileChannel> lockFile, Committer committer, Readers readers) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.committer = committer;
    this.readers = readers;
  }

  /// Opens the store in `folder`, which is made when it is absent.
  ///
  /// @param notifier runs what waits for commits; must not block the caller
  /// @throws StoreException in one sentence when the folder cannot be used
  public static SqlStore open(Path folder, Executor notifier) {
    FileChannel lockFile = lock(folder);
    try {
      NativeLibrary.unpackInto(folder);
      return open(folder, Optional.of(lockFile), notifier, Migrations::run);
    } catch (RuntimeException e) {
      close(lockFile);
      throw e;
    }
  }

  /// Opens the store in `folder` beside the process that runs on it, to write a few things: SQLite
  /// lets one of the two write at a time. Opens it alone when nobody runs on it.
  ///
  /// @throws StoreException in one sentence when the folder cannot be used
  public static SqlStore openBeside(Path folder, Executor notifier) {
    if (!Files.exists(file(folder))) {
      throw new StoreException(
          "DK0002: there is no store in the folder "
              + folder.toAbsolutePath()
              + "; start the server once, or name its folder with --data or DIREKTIV_DATA",
          null);
    }
    try {
      return open(folder, notifier);
    } catch (StoreException e) {
      if (!e.getMessage().startsWith(IN_USE)) {
        throw e;
      }
      return open(folder, Optional.empty(), notifier, Migrations::requireCurrent);
    }
  }

  private interface Preparation {
    void run(Session db) throws SQLException;
  }

  private static SqlStore open(
      Path folder, Optional<FileChannel> lockFile, Executor notifier, Preparation preparation) {
    Path file = file(folder);
    try {
      Session writing = new Session(connect(file, false));
      try {
        preparation.run(writing);
        Readers readers = new Readers(() -> reader(file));
        return new SqlStore(folder, lockFile, new Committer(writing, notifier), readers);
      } catch (SQLException | RuntimeException e) {
        writing.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException(
          "DK0009: the store "
              + file
              + " cannot be opened ("
              + e.getMessage()
              + "); restore the data folder from a backup, or choose another with --data or"
              + " DIREKTIV_DATA",
          e);
    }
  }

  private static Path file(Path folder) {
    return folder.resolve("direktiv.db");
  }

  private static FileChannel lock(Path folder) {
    try {
      OwnerOnly.createFolder(folder);
      Path lockPath = folder.resolve("direktiv.lock");
      OwnerOnly.createFile(lockPath);
      OwnerOnly.createFile(file(folder));
      FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw inUse(folder, null);
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      throw inUse(folder, e);
    } catch (IOException e) {
      throw new StoreException(
          "DK0002: the data folder "
              + folder.toAbsolutePath()
              + " cannot be used ("
              + reason(e)
              + "); choose another with --data or DIREKTIV_DATA",
          e);
    }
  }

  private static StoreException inUse(Path folder, Throwable cause) {
    return new StoreException(
        IN_USE
            + ": the data folder "
            + folder.toAbsolutePath()
            + " is used by another server; stop it or choose another folder with --data or"
            + " DIREKTIV_DATA",
        cause);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case FileAlreadyExistsException _ -> "it is not a folder";
      case AccessDeniedException _ -> "this user may not write there";
      case NoSuchFileException _ -> "no folder can be made there";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private static void close(FileChannel lockFile) {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new StoreException("the lock of the data folder does not close", e);
    }
  }

  private static Session reader(Path file) {
    try {
      return new Session(connect(file, true));
    } catch (SQLException e) {
      throw new StoreException("the store " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Connection connect(Path file, boolean isReader) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(10_000);
    config.setCacheSize(isReader ? -8_000 : -64_000);
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "4000");
    config.setReadOnly(false);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  @Override
  public CompletableFuture<Void> commit(List<Change> changes) {
    return committer.commit(List.copyOf(changes));
  }

  @Override
  public Definitions definitions() {
    return new SqlDefinitions(readers);
  }

  @Override
  public Instances instances() {
    return new SqlInstances(readers);
  }

  @Override
  public Waits waits() {
    return new SqlWaits(readers);
  }

  @Override
  public Holdings holdings() {
    return new SqlHoldings(readers);
  }

  @Override
  public StoreStatistics statistics() {
    return committer.statistics();
  }

  @Override
  public long usedBytes() {
    return readers.read(db ->
        (db.count("PRAGMA page_count") - db.count("PRAGMA freelist_count"))
            * db.count("PRAGMA page_size"));
  }

  @Override
  public long freeBytes() {
    return folder.toFile().getUsableSpace();
  }

  @Override
  public int prunable(Instant before, int atMost) {
    return readers.read(db -> Deleter.prunable(db, before, atMost));
  }

  @Override
  public synchronized void close() {
    committer.close();
    if (!isClosed) {
      isClosed = true;
      readers.close();
      lockFile.ifPresent(SqlStore::close);
    }
  }
}
