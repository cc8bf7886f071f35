package partyline.app.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import partyline.kernel.DatabaseCopy.NewestEvent;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a backup says of itself in `backup.json`, which is written last: a folder without it is no whole backup.
///
/// `configuration` is the SHA-256 of what the configuration said, without the values of variables; `rows` are counted
/// by table. `gone` are files of the folder `media` that the database names, and that were deleted while the backup was
/// taken.
record BackupManifest(
        String version,
        int schema,
        Instant takenAt,
        String configuration,
        SortedMap<String, Long> rows,
        Optional<NewestEvent> newestEvent,
        List<Stored> files,
        List<String> gone) {

    static final String FILE = "backup.json";

    private static final int FORMAT = 1;
    private static final Pattern LISTED = Pattern.compile("partyline\\.db|server\\.key|media/[A-Za-z0-9-]+");

    /// A file of the backup, by its path in it.
    record Stored(String name, long bytes, String sha256) {}

    BackupManifest {
        files = List.copyOf(files);
        gone = List.copyOf(gone);
    }

    /// Whether a backup may list a file by this name, which leads nowhere else.
    static boolean isListed(String name) {
        return LISTED.matcher(name).matches();
    }

    long bytes() {
        return files.stream().mapToLong(Stored::bytes).sum();
    }

    String json() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        json.put("version", version);
        json.put("schema", schema);
        json.put("taken_at", Timestamps.iso(takenAt));
        json.put("configuration_sha256", configuration);
        ObjectNode counts = json.putObject("rows");
        rows.forEach(counts::put);
        json.set(
                "newest_event",
                newestEvent
                        .map(it -> Json.object().put("number", it.number()).put("at", Timestamps.iso(it.at())))
                        .orElse(null));
        ArrayNode listed = json.putArray("files");
        files.forEach(it -> listed.addObject()
                .put("name", it.name())
                .put("bytes", it.bytes())
                .put("sha256", it.sha256()));
        ArrayNode went = json.putArray("gone");
        gone.forEach(went::add);
        return json.toPrettyString() + "\n";
    }

    /// Reads that of the backup in `folder`.
    ///
    /// @throws DamagedBackup when there is none, or it is not one that this program knows.
    static BackupManifest read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new DamagedBackup("it has no " + FILE + ", which is written last");
        }
        try {
            JsonNode json = Json.read(Files.readString(file));
            if (json.path("format").asInt(0) != FORMAT) {
                throw new DamagedBackup("its " + FILE + " is of a format that this version does not know");
            }
            BackupManifest manifest = of(json);
            for (Stored listed : manifest.files) {
                if (!isListed(listed.name())) {
                    throw new DamagedBackup("its " + FILE + " lists " + listed.name() + ", which no backup has");
                }
            }
            return manifest;
        } catch (JacksonException | DateTimeException e) {
            throw new DamagedBackup("its " + FILE + " cannot be read");
        }
    }

    private static BackupManifest of(JsonNode json) {
        SortedMap<String, Long> rows = new TreeMap<>();
        JsonNode counts = json.path("rows");
        counts.propertyNames()
                .forEach(table -> rows.put(table, counts.path(table).asLong()));
        List<Stored> files = new ArrayList<>();
        json.path("files")
                .forEach(it -> files.add(new Stored(
                        it.path("name").asString(),
                        it.path("bytes").asLong(),
                        it.path("sha256").asString())));
        JsonNode newest = json.path("newest_event");
        return new BackupManifest(
                json.path("version").asString(),
                json.path("schema").asInt(),
                Instant.parse(json.path("taken_at").asString()),
                json.path("configuration_sha256").asString(),
                rows,
                newest.isObject()
                        ? Optional.of(new NewestEvent(
                                newest.path("number").asLong(),
                                Instant.parse(newest.path("at").asString())))
                        : Optional.empty(),
                files,
                json.path("gone").valueStream().map(JsonNode::asString).toList());
    }
}
