package partyline.media;

import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;

/// A file that is kept. `token` is the secret of its address; `name` is fit for an address; `title` is what its sender
/// calls it, in any script, empty when nobody said; `size` is in bytes.
public record MediaFile(
        Id id,
        OrganizationId organization,
        String token,
        String name,
        Optional<String> title,
        String contentType,
        long size) {

    /// What to call it where any name may stand.
    public String shownName() {
        return title.orElse(name);
    }

    /// Whether a browser may show it by itself: pictures, sound, films and PDF can run no script of ours.
    public boolean inline() {
        return ContentTypes.isInline(contentType);
    }

    /// Whether models commonly take files of this type as they are: HEIC pictures and CAF sounds they do not.
    public static boolean isReadByModels(String contentType) {
        return ContentTypes.isReadByModels(contentType);
    }

    /// Without what opens it, since this may end up in a log.
    @Override
    public String toString() {
        return "MediaFile[" + id + "]";
    }
}
