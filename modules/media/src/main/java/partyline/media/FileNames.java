package partyline.media;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// Names that are safe in a path, an address and a header, made from what senders call their files.
final class FileNames {

    private static final int LONGEST = 80;

    private FileNames() {}

    /// Letters, digits, `.`, `-` and `_` alone, with an ending; `file` when nothing is left of it. What stands
    /// before a slash of either kind is dropped, so no name leads anywhere. The ending of another kind of file
    /// makes room for that of a picture, a sound or a film: programs go by it.
    static String safe(@Nullable String wished, String contentType) {
        String base =
                wished == null ? "" : wished.substring(Math.max(wished.lastIndexOf('/'), wished.lastIndexOf('\\')) + 1);
        String plain = Normalizer.normalize(base, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^A-Za-z0-9._-]+", "_")
                .replaceAll("^[._-]+|[._-]+$", "");
        int dot = plain.lastIndexOf('.');
        String ending = dot > 0 && plain.length() - dot <= 9 ? plain.substring(dot) : "";
        String stem = plain.substring(0, plain.length() - ending.length());
        String kept = stem.substring(0, Math.min(stem.length(), LONGEST));
        String told = ending.isEmpty() || isOfAnother(ending, contentType)
                ? ContentTypes.ending(contentType).map(it -> "." + it).orElse(ending)
                : ending;
        return (kept.isEmpty() ? "file" : kept) + told;
    }

    private static boolean isOfAnother(String ending, String contentType) {
        return contentType.matches("(image|audio|video)/.*")
                && ContentTypes.named(ending)
                        .filter(it -> !it.equals(contentType))
                        .isPresent();
    }
}
