package partyline.media;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What kind of file something is: as its sender says, else as its first bytes or its name show.
final class ContentTypes {

    static final String UNKNOWN = "application/octet-stream";
    /// How many first bytes tell a kind.
    static final int HEAD = 16;

    private static final Pattern TYPE = Pattern.compile("[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}");
    private static final Set<String> PICTURES = Set.of(
            "image/png",
            "image/jpeg",
            "image/gif",
            "image/webp",
            "image/avif",
            "image/heic",
            "image/heif",
            "image/bmp",
            "image/tiff");

    /// Bytes that a kind of file has at `offset`.
    private record Magic(int offset, byte[] bytes, String type) {

        private Magic(int offset, String bytes, String type) {
            this(offset, bytes.getBytes(StandardCharsets.ISO_8859_1), type);
        }

        private boolean matches(byte[] head) {
            for (int at = 0; at < bytes.length; at++) {
                if (offset + at >= head.length || head[offset + at] != bytes[at]) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Magic> MAGIC = List.of(
            new Magic(0, "\u0089PNG\r\n\u001a\n", "image/png"),
            new Magic(0, "\u00ff\u00d8\u00ff", "image/jpeg"),
            new Magic(0, "GIF87a", "image/gif"),
            new Magic(0, "GIF89a", "image/gif"),
            new Magic(8, "WEBP", "image/webp"),
            new Magic(8, "WAVE", "audio/wav"),
            new Magic(4, "ftypheic", "image/heic"),
            new Magic(4, "ftypheix", "image/heic"),
            new Magic(4, "ftypmif1", "image/heif"),
            new Magic(4, "ftypavif", "image/avif"),
            new Magic(4, "ftypqt", "video/quicktime"),
            new Magic(4, "ftypM4A", "audio/mp4"),
            new Magic(4, "ftyp", "video/mp4"),
            new Magic(0, "\u001aE\u00df\u00a3", "video/webm"),
            new Magic(0, "%PDF-", "application/pdf"),
            new Magic(0, "ID3", "audio/mpeg"),
            new Magic(0, "OggS", "audio/ogg"),
            new Magic(0, "caff", "audio/x-caf"),
            new Magic(0, "#!AMR", "audio/amr"),
            new Magic(0, "BEGIN:VCARD", "text/vcard"),
            new Magic(0, "BEGIN:VCALENDAR", "text/calendar"),
            new Magic(0, "PK\u0003\u0004", "application/zip"));

    /// By the ending of a name; the first ending of a type is the one that names get.
    private static final Map<String, List<String>> ENDINGS = Map.ofEntries(
            Map.entry("image/png", List.of("png")),
            Map.entry("image/jpeg", List.of("jpg", "jpeg")),
            Map.entry("image/gif", List.of("gif")),
            Map.entry("image/webp", List.of("webp")),
            Map.entry("image/avif", List.of("avif")),
            Map.entry("image/heic", List.of("heic")),
            Map.entry("image/heif", List.of("heif")),
            Map.entry("image/bmp", List.of("bmp")),
            Map.entry("image/tiff", List.of("tiff", "tif")),
            Map.entry("image/svg+xml", List.of("svg")),
            Map.entry("video/mp4", List.of("mp4", "m4v")),
            Map.entry("video/quicktime", List.of("mov")),
            Map.entry("video/webm", List.of("webm")),
            Map.entry("audio/mpeg", List.of("mp3")),
            Map.entry("audio/mp4", List.of("m4a")),
            Map.entry("audio/wav", List.of("wav")),
            Map.entry("audio/ogg", List.of("ogg", "oga", "opus")),
            Map.entry("audio/x-caf", List.of("caf")),
            Map.entry("audio/amr", List.of("amr")),
            Map.entry("application/pdf", List.of("pdf")),
            Map.entry("application/zip", List.of("zip")),
            Map.entry("text/vcard", List.of("vcf")),
            Map.entry("text/calendar", List.of("ics")),
            Map.entry("text/plain", List.of("txt")),
            Map.entry("text/csv", List.of("csv")),
            Map.entry("text/html", List.of("html", "htm")),
            Map.entry("application/json", List.of("json")));

    private ContentTypes() {}

    /// The type that a file is served as.
    static String of(@Nullable String declared, byte[] head, @Nullable String name) {
        return declared(declared).or(() -> sniffed(head)).or(() -> named(name)).orElse(UNKNOWN);
    }

    static boolean isInline(String type) {
        boolean heard = (type.startsWith("audio/") || type.startsWith("video/")) && !type.endsWith("xml");
        return heard || PICTURES.contains(type) || type.equals("application/pdf");
    }

    /// How the name of a file of this type ends.
    static Optional<String> ending(String type) {
        return Optional.ofNullable(ENDINGS.get(type)).map(List::getFirst);
    }

    /// What the sender says without its parameters; empty when it says nothing, nothing useful, or nonsense.
    private static Optional<String> declared(@Nullable String declared) {
        return Optional.ofNullable(declared)
                .map(text -> text.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(text -> TYPE.matcher(text).matches())
                .filter(text -> !text.equals(UNKNOWN) && !text.equals("binary/octet-stream"));
    }

    private static Optional<String> sniffed(byte[] head) {
        return MAGIC.stream()
                .filter(magic -> magic.matches(head))
                .map(Magic::type)
                .findFirst();
    }

    private static Optional<String> named(@Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return ENDINGS.entrySet().stream()
                .filter(entry -> entry.getValue().contains(ending))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
