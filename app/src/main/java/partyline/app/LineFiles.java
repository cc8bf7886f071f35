package partyline.app;

import java.io.IOException;
import partyline.kernel.PhoneNumber;
import partyline.media.MediaFiles;
import partyline.media.StoreOutcome;
import partyline.transport.Attachments;

/// The server's files as drivers get at them.
record LineFiles(MediaFiles media) implements Attachments {

    @Override
    public Attachment open(String url) throws IOException {
        MediaFiles.Bytes found = media.bytes(url);
        return new Attachment(found.name(), found.contentType(), found.size(), found.body());
    }

    @Override
    public Outcome keep(FromPerson file) throws IOException {
        return switch (media.keep(file.from(), file.body(), file.name(), file.contentType())) {
            case StoreOutcome.Stored(var kept) -> new Outcome.Kept(kept.token());
            case StoreOutcome.Refused(var why) -> new Outcome.Refused(why.sentence());
            case StoreOutcome.NotYet(var why) -> throw new IOException(why.sentence());
        };
    }

    @Override
    public boolean holds(String reference, PhoneNumber from) {
        return media.holds(reference, from);
    }
}
