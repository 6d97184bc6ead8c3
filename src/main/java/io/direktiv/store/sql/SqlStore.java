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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.sqlite.SQLiteConfig;

/// The embedded store: a folder with one SQLite database.
///
/// Writes go through one [Committer] with `synchronous=FULL`, so a completed commit is on disk;
/// reads go through a few connections of their own and see what was committed.
public final class SqlStore implements Store {
  private final FileChannel lockFile;
  private final Committer committer;
  private final Readers readers;

  private SqlStore(FileChannel lockFile, Committer committer, Readers readers) {
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
      return open(lockFile, folder.resolve("direktiv.db"), notifier);
    } catch (StoreException e) {
      unlock(lockFile);
      throw e;
    }
  }

  private static SqlStore open(FileChannel lockFile, Path file, Executor notifier) {
    try {
      Session writing = new Session(connect(file, false));
      try {
        Migrations.run(writing);
        Readers readers = new Readers(() -> reader(file));
        return new SqlStore(lockFile, new Committer(writing, notifier), readers);
      } catch (SQLException | StoreException e) {
        writing.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException(
          "the store "
              + file
              + " cannot be opened ("
              + e.getMessage()
              + "); restore the data folder from a backup, or choose another with --data or"
              + " DIREKTIV_DATA",
          e);
    }
  }

  private static void unlock(FileChannel lockFile) {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new StoreException("the lock of the data folder does not close", e);
    }
  }

  private static FileChannel lock(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("direktiv.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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
          "the data folder "
              + folder
              + " cannot be written ("
              + e
              + "); choose another with --data or DIREKTIV_DATA",
          e);
    }
  }

  private static StoreException inUse(Path folder, Throwable cause) {
    return new StoreException(
        "the data folder "
            + folder
            + " is used by another process; stop it or choose another with --data or"
            + " DIREKTIV_DATA",
        cause);
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
  public void close() {
    committer.close();
    if (lockFile.isOpen()) {
      readers.close();
      unlock(lockFile);
    }
  }
}
