package partyline.media;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.OrganizationId;

/// A file that comes in: what its sender calls it and says it is (both untrusted), its bytes, and how many are taken.
public record NewFile(
        OrganizationId organization,
        @Nullable String name,
        @Nullable String contentType,
        InputStream body,
        long largest) {}
