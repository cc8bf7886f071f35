package partyline.media;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What kind of file something is.
///
/// A picture is what its bytes show, whatever it is called: models refuse one under a wrong name. Anything else
/// is what the answer says that brought it, unless that says nothing; then what the line told; then what its
/// bytes or its name show. A box of the MPEG-4 family may hold sound or film, so there a word counts more than
/// the bytes.
final class ContentTypes {

    static final String UNKNOWN = "application/octet-stream";
    /// How many first bytes tell a kind.
    static final int HEAD = 64;

    private static final String TEXT = "text/plain";
    private static final Pattern TYPE = Pattern.compile("[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}");
    private static final Set<String> SAYS_NOTHING = Set.of(
            UNKNOWN,
            "binary/octet-stream",
            "application/x-octet-stream",
            "application/binary",
            "application/download",
            "application/force-download",
            "application/x-download",
            "application/unknown",
            "unknown/unknown");

    /// Other words for the same, each with the registered one.
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("image/jpg", "image/jpeg"),
            Map.entry("image/pjpeg", "image/jpeg"),
            Map.entry("image/x-png", "image/png"),
            Map.entry("image/x-ms-bmp", "image/bmp"),
            Map.entry("text/x-vcard", "text/vcard"),
            Map.entry("text/directory", "text/vcard"),
            Map.entry("text/x-vcalendar", "text/calendar"),
            Map.entry("audio/m4a", "audio/mp4"),
            Map.entry("audio/x-m4a", "audio/mp4"),
            Map.entry("audio/mp3", "audio/mpeg"),
            Map.entry("audio/x-mp3", "audio/mpeg"),
            Map.entry("audio/wave", "audio/wav"),
            Map.entry("audio/x-wav", "audio/wav"),
            Map.entry("audio/vnd.wave", "audio/wav"),
            Map.entry("audio/caf", "audio/x-caf"),
            Map.entry("audio/3gp", "audio/3gpp"),
            Map.entry("video/3gp", "video/3gpp"),
            Map.entry("application/ogg", "audio/ogg"),
            Map.entry("application/x-pdf", "application/pdf"));

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

    /// What models commonly take of pictures, and what they do not of sounds.
    private static final Set<String> SEEN_BY_MODELS = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

    private static final Set<String> UNHEARD_BY_MODELS = Set.of("audio/x-caf", "audio/amr", "audio/3gpp");

    /// Their first bytes do not tell one from the other.
    private static final Set<String> HIGH_EFFICIENCY =
            Set.of("image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence", "image/avif");

    /// Bytes that a kind of file has at `offset`; in words, capitals or not.
    private record Magic(int offset, byte[] bytes, String type) {

        private Magic(int offset, String bytes, String type) {
            this(offset, bytes.getBytes(StandardCharsets.ISO_8859_1), type);
        }

        private boolean matches(byte[] head) {
            for (int at = 0; at < bytes.length; at++) {
                if (offset + at >= head.length || !same(head[offset + at], bytes[at])) {
                    return false;
                }
            }
            return true;
        }

        private boolean same(byte found, byte wanted) {
            return found == wanted || type.startsWith("text/") && Character.toUpperCase(found) == wanted;
        }
    }

    private static final List<Magic> MAGIC = List.of(
            new Magic(0, "\u0089PNG\r\n\u001a\n", "image/png"),
            new Magic(0, "\u00ff\u00d8\u00ff", "image/jpeg"),
            new Magic(0, "GIF87a", "image/gif"),
            new Magic(0, "GIF89a", "image/gif"),
            new Magic(8, "WEBP", "image/webp"),
            new Magic(0, "II*\0", "image/tiff"),
            new Magic(0, "MM\0*", "image/tiff"),
            new Magic(8, "WAVE", "audio/wav"),
            new Magic(4, "ftypheic", "image/heic"),
            new Magic(4, "ftypheix", "image/heic"),
            new Magic(4, "ftypmif1", "image/heif"),
            new Magic(4, "ftypavif", "image/avif"),
            new Magic(4, "ftypqt", "video/quicktime"),
            new Magic(4, "ftypM4A", "audio/mp4"),
            new Magic(4, "ftypM4B", "audio/mp4"),
            new Magic(4, "ftyp3g", "video/3gpp"),
            new Magic(4, "ftyp", "video/mp4"),
            new Magic(0, "\u001aE\u00df\u00a3", "video/webm"),
            new Magic(0, "%PDF-", "application/pdf"),
            new Magic(0, "ID3", "audio/mpeg"),
            new Magic(0, "OggS", "audio/ogg"),
            new Magic(0, "fLaC", "audio/flac"),
            new Magic(0, "caff", "audio/x-caf"),
            new Magic(0, "#!AMR", "audio/amr"),
            new Magic(0, "BEGIN:VCARD", "text/vcard"),
            new Magic(0, "\u00ef\u00bb\u00bfBEGIN:VCARD", "text/vcard"),
            new Magic(0, "BEGIN:VCALENDAR", "text/calendar"),
            new Magic(0, "\u001f\u008b\b", "application/gzip"),
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
            Map.entry("video/3gpp", List.of("3gp", "3gpp")),
            Map.entry("audio/mpeg", List.of("mp3")),
            Map.entry("audio/mp4", List.of("m4a")),
            Map.entry("audio/aac", List.of("aac")),
            Map.entry("audio/wav", List.of("wav")),
            Map.entry("audio/flac", List.of("flac")),
            Map.entry("audio/ogg", List.of("ogg", "oga", "opus")),
            Map.entry("audio/x-caf", List.of("caf")),
            Map.entry("audio/amr", List.of("amr")),
            Map.entry("audio/3gpp", List.of("3ga")),
            Map.entry("application/pdf", List.of("pdf")),
            Map.entry("application/zip", List.of("zip")),
            Map.entry("application/gzip", List.of("gz")),
            Map.entry("text/vcard", List.of("vcf")),
            Map.entry("text/calendar", List.of("ics")),
            Map.entry(TEXT, List.of("txt")),
            Map.entry("text/csv", List.of("csv")),
            Map.entry("text/html", List.of("html", "htm")),
            Map.entry("application/json", List.of("json")));

    private ContentTypes() {}

    /// The type that a file is served as. `answered` is what the answer says that brought it, or the client
    /// that uploads it; `told` what the line said of it before.
    static String of(@Nullable String answered, @Nullable String told, byte[] head, @Nullable String name) {
        Optional<String> shown = sniffed(head);
        Optional<String> said = useful(answered, head, shown).or(() -> useful(told, head, shown));
        if (shown.filter(PICTURES::contains).isPresent()) {
            return said.filter(HIGH_EFFICIENCY::contains)
                    .filter(_ -> HIGH_EFFICIENCY.contains(shown.get()))
                    .orElse(shown.get());
        }
        if (said.filter(PICTURES::contains).isPresent() && shown.isPresent()) {
            return shown.get();
        }
        if (said.equals(Optional.of("video/mp4")) && shown.equals(Optional.of("audio/mp4"))) {
            return "audio/mp4";
        }
        return said.or(() -> shown.map(it -> ofBox(it, name)))
                .or(() -> named(name))
                .orElse(UNKNOWN);
    }

    static boolean isInline(String type) {
        boolean heard = (type.startsWith("audio/") || type.startsWith("video/")) && !type.endsWith("xml");
        return heard || PICTURES.contains(type) || type.equals("application/pdf");
    }

    /// Whether models commonly take files of this type as they are; what is neither picture nor sound is for
    /// programs.
    static boolean isReadByModels(String type) {
        return type.startsWith("image/") ? SEEN_BY_MODELS.contains(type) : !UNHEARD_BY_MODELS.contains(type);
    }

    /// How the name of a file of this type ends.
    static Optional<String> ending(String type) {
        return Optional.ofNullable(ENDINGS.get(type)).map(List::getFirst);
    }

    /// What type the ending of a name stands for.
    static Optional<String> named(@Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return ENDINGS.entrySet().stream()
                .filter(entry -> entry.getValue().contains(ending))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// What somebody says, in the registered word and without parameters; empty when that is nothing, or
    /// nonsense. Plain text is what servers say of files that they do not know.
    private static Optional<String> useful(@Nullable String said, byte[] head, Optional<String> shown) {
        boolean other = shown.filter(it -> it.startsWith("text/") || it.equals("application/pdf"))
                .isPresent();
        return word(said).filter(type -> !type.equals(TEXT) || !other && isText(head));
    }

    private static Optional<String> word(@Nullable String said) {
        return Optional.ofNullable(said)
                .map(text -> text.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(text -> TYPE.matcher(text).matches())
                .map(text -> SAME.getOrDefault(text, text))
                .filter(text -> !SAYS_NOTHING.contains(text));
    }

    private static boolean isText(byte[] head) {
        for (byte found : head) {
            if (found >= 0 && found < ' ' && "\t\n\r\f\u001b".indexOf(found) < 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> sniffed(byte[] head) {
        return MAGIC.stream()
                .filter(magic -> magic.matches(head))
                .map(Magic::type)
                .findFirst();
    }

    /// A box that may hold sound alone is what its name says.
    private static String ofBox(String shown, @Nullable String name) {
        return switch (shown) {
            case "video/mp4", "video/3gpp", "video/webm", "audio/ogg" ->
                named(name)
                        .filter(it -> it.startsWith("audio/") || it.startsWith("video/"))
                        .orElse(shown);
            default -> shown;
        };
    }
}
