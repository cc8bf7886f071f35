package partyline.app.operator;

import java.util.Locale;
import partyline.kernel.Timestamps;

/// A backup in a few lines, for the operator.
final class Summary {

    private static final double MEGA = 1_000_000;

    private Summary() {}

    static String of(BackupManifest manifest) {
        String files = String.format(
                Locale.ROOT,
                "%d files, %.1f MB, %d messages",
                manifest.files().size(),
                manifest.bytes() / MEGA,
                manifest.rows().getOrDefault("message", 0L));
        String newest = manifest.newestEvent()
                .map(it -> it.number() + " of " + Timestamps.iso(it.at()))
                .orElse("none");
        String gone = manifest.gone().isEmpty()
                ? ""
                : "\ngone          " + manifest.gone().size() + " files that were deleted while it was taken";
        return "taken         " + Timestamps.iso(manifest.takenAt()) + " by Partyline " + manifest.version()
                + " (schema " + manifest.schema() + ")\nholds         " + files + "\nnewest event  " + newest + gone;
    }
}
