package partyline.media;

import java.text.Normalizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.FileName;

/// Names that are safe in a path, an address and a header, made from what senders call their files.
final class FileNames {

    private static final int LONGEST = 80;

    private FileNames() {}

    /// Letters, digits, `.`, `-` and `_` alone, with an ending; `file` when nothing is left of it. What stands
    /// before a slash of either kind is dropped, so no name leads anywhere. The ending of another kind of file
    /// makes room for that of a picture, a sound or a film: programs go by it.
    static String safe(@Nullable String wished, String contentType) {
        String plain = Normalizer.normalize(FileName.clean(wished).orElse(""), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^A-Za-z0-9.-]+", "_")
                .replaceAll("[._-]+$", "");
        String ending = ending(plain);
        String stem = plain.substring(0, plain.length() - ending.length()).replaceAll("^[._-]+", "");
        String kept = stem.substring(0, Math.min(stem.length(), LONGEST));
        return (kept.isEmpty() ? "file" : kept) + fit(ending, contentType);
    }

    /// What its sender calls the file, in any script, with an ending that fits; empty when nobody said.
    static Optional<String> title(@Nullable String wished, String contentType) {
        return FileName.clean(wished).flatMap(name -> {
            String ending = ending(name);
            return FileName.clean(name.substring(0, name.length() - ending.length()) + fit(ending, contentType));
        });
    }

    private static String ending(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.length() - dot <= 9 && name.indexOf(' ', dot) < 0 ? name.substring(dot) : "";
    }

    private static String fit(String ending, String contentType) {
        return ending.isEmpty() || isOfAnother(ending, contentType)
                ? ContentTypes.ending(contentType).map(it -> "." + it).orElse(ending)
                : ending;
    }

    private static boolean isOfAnother(String ending, String contentType) {
        return contentType.matches("(image|audio|video)/.*")
                && ContentTypes.named(ending)
                        .filter(it -> !it.equals(contentType))
                        .isPresent();
    }
}
