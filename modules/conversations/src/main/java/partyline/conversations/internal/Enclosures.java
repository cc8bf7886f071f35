package partyline.conversations.internal;

import java.util.List;
import java.util.Optional;
import partyline.conversations.Connection;
import partyline.conversations.Message;
import partyline.conversations.Message.Content;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Tx;
import partyline.media.MediaFailure;
import partyline.media.MediaFile;
import partyline.media.MediaFiles;
import partyline.media.Reference;
import partyline.media.StoreOutcome;
import partyline.transport.InboundEvent.TextReceived;

/// The pictures and files of messages: what an agent may send along, and what becomes of what a person sent along.
public final class Enclosures {

    private final MediaFiles files;

    public Enclosures(MediaFiles files) {
        this.files = files;
    }

    /// Why this caller cannot send what `content` names, as words that follow "media_urls"; empty when it can.
    Optional<String> refusal(Tx tx, Caller caller, Content content) {
        return content.media().stream()
                .map(item -> files.reference(tx, caller, item.url()))
                .filter(Reference.Refused.class::isInstance)
                .map(found -> ((Reference.Refused) found).why())
                .findFirst();
    }

    /// The content as it is stored: with what we know of files of ours, which are kept for the message from now on.
    Content sent(Tx tx, Caller caller, Id identity, Content content) {
        List<Message.Media> media = content.media().stream()
                .map(item -> files.reference(tx, caller, item.url()) instanceof Reference.Own(var file)
                        ? used(tx, identity, file)
                        : item)
                .toList();
        return new Content(content.text(), media, content.sendStyle());
    }

    /// What a person's text says, with what was fetched for it; nothing was when its sender was blocked at that
    /// time. A file that was fetched for somebody else, when the connection changed just then, stays theirs.
    Content received(Tx tx, Connection connection, TextReceived text, Optional<StoreOutcome> fetched) {
        if (text.mediaUrl() == null) {
            return new Content(text.text(), List.of(), text.sendStyle());
        }
        return switch (fetched.orElse(new StoreOutcome.Refused(MediaFailure.SENDER_BLOCKED))) {
            case StoreOutcome.Stored(var file)
            when file.organization().equals(connection.organization()) ->
                new Content(text.text(), List.of(received(tx, connection, file)), text.sendStyle());
            case StoreOutcome.Stored _ -> lost(text, MediaFailure.UNAVAILABLE);
            case StoreOutcome.Refused(var why) -> lost(text, why);
        };
    }

    private static Content lost(TextReceived text, MediaFailure why) {
        return new Content(text.text(), List.of(), text.sendStyle(), Optional.of(why));
    }

    private Message.Media received(Tx tx, Connection connection, MediaFile file) {
        files.receive(tx, file, connection.identity(), connection.person());
        return shown(file);
    }

    private Message.Media used(Tx tx, Id identity, MediaFile file) {
        files.use(tx, file, identity);
        return shown(file);
    }

    private Message.Media shown(MediaFile file) {
        return new Message.Media(files.url(file), file.contentType(), file.size());
    }
}
