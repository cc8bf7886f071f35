package partyline.media;

import java.io.OutputStream;
import java.time.Duration;
import partyline.outbound.Download;
import partyline.outbound.Outbound;

/// A file that is somewhere else than its address says, as files of phone services are: three steps on at most,
/// each judged like a first address, all of them within the patience of the one wish.
final class Redirects {

    private static final int MOST = 3;

    private Redirects() {}

    /// What leads on even then is [Download.Outcome.Elsewhere].
    static Download.Outcome follow(Outbound outbound, Download wish, OutputStream sink) throws InterruptedException {
        long end = System.nanoTime() + wish.patience().toNanos();
        Download.Outcome found = outbound.download(wish, sink);
        for (int step = 0; step < MOST && found instanceof Download.Outcome.Elsewhere(var location); step++) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            found = outbound.download(new Download(location, wish.operator(), wish.largest(), left), sink);
        }
        return found;
    }
}
