package partyline.app.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.PeriodicTask;
import partyline.kernel.StartupFailure;

/// Takes backups unasked, each into a folder that is named after its time, and lets the oldest go. By these
/// names a start knows when the last one was taken. Thread-safe.
public final class BackupSchedule implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackupSchedule.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'partyline-'uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(10);
    /// No backup takes as long.
    private static final Duration LEFT = Duration.ofDays(1);

    private final Backup backup;
    private final Path folder;
    private final Duration every;
    private final int keep;
    private final InstantSource clock;
    private final PeriodicTask task =
            new PeriodicTask(Thread.ofPlatform().daemon(), "backups", Duration.ofSeconds(10), LOOK, this::look);
    private Instant notBefore = Instant.MIN;

    /// A backup in `folder`, and when it was taken.
    private record Taken(Path path, Instant at) {

        static Optional<Taken> of(Path path) {
            try {
                Instant at = NAME.parse(path.getFileName().toString(), Instant::from);
                return Optional.of(new Taken(path, at));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }

        /// They are moved into place whole, and lose this file first.
        boolean isWhole() {
            return Files.exists(path.resolve(BackupManifest.FILE));
        }

        void delete() throws IOException {
            Files.deleteIfExists(path.resolve(BackupManifest.FILE));
            Scratch.delete(path);
            LOG.info("event=backup_deleted folder={}", path);
        }
    }

    /// Takes `backup` into `folder`, `every` so long, or never where that is zero, and keeps the newest `keep`.
    public BackupSchedule(Backup backup, Path folder, Duration every, int keep, InstantSource clock) {
        this.backup = backup;
        this.folder = folder.toAbsolutePath().normalize();
        this.every = every;
        this.keep = keep;
        this.clock = clock;
    }

    public void start() {
        if (every.isPositive()) {
            task.start();
        }
    }

    /// Takes one if it is due. What fails is told to the log, and tried again after ten minutes.
    public synchronized void look() {
        Instant now = clock.instant();
        if (!every.isPositive() || now.isBefore(notBefore)) {
            return;
        }
        try {
            if (isDue(now)) {
                Files.createDirectories(folder);
                Scratch.sweep(folder, now.minus(LEFT));
                Path target = folder.resolve(NAME.format(now));
                backup.into(target);
                LOG.info("event=backup_taken folder={}", target);
                prune(target);
            }
        } catch (IOException | StartupFailure e) {
            notBefore = now.plus(AFTER_FAILURE);
            LOG.error(
                    "event=backup_failed folder={} what=\"{}\""
                            + " fix=\"see to room and rights of backup.folder; the next try is in ten minutes\"",
                    folder,
                    e.getMessage());
        }
    }

    /// One of after `now` was taken before the clock went back, and puts nothing off.
    private boolean isDue(Instant now) throws IOException {
        return taken().stream()
                .filter(it -> it.isWhole() && !it.at().isAfter(now))
                .findFirst()
                .map(newest -> !newest.at().plus(every).isAfter(now))
                .orElse(true);
    }

    /// Whenever the others were taken, the newest stays.
    private void prune(Path newest) throws IOException {
        int whole = 1;
        for (Taken taken : taken()) {
            if (!taken.path().equals(newest)) {
                whole += taken.isWhole() ? 1 : 0;
                if (whole > keep || !taken.isWhole()) {
                    taken.delete();
                }
            }
        }
    }

    /// The newest first.
    private List<Taken> taken() throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(path -> Taken.of(path).stream())
                    .sorted(Comparator.comparing(Taken::at).reversed())
                    .toList();
        }
    }

    /// A backup that is being taken has two seconds to end; half of one is swept up later.
    @Override
    public void close() {
        task.close();
    }
}
