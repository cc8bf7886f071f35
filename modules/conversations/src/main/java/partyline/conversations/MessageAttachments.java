package partyline.conversations;

import java.util.List;
import java.util.Optional;
import partyline.conversations.Message.Content;
import partyline.conversations.Message.Moments;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.media.MediaFailure;
import partyline.media.MediaFile;
import partyline.media.MediaFiles;
import partyline.media.Reference;
import partyline.media.StoreOutcome;
import partyline.transport.InboundEvent.TextReceived;

/// The pictures and files of messages: what an agent may send along, and what becomes of what a person sent along.
final class MessageAttachments {

    private final MediaFiles files;

    MessageAttachments(MediaFiles files) {
        this.files = files;
    }

    /// Why this caller cannot send what `content` names, as words that follow "media_urls"; empty when it can.
    Optional<String> refusal(Tx tx, Caller caller, Content content) {
        for (Message.Media item : content.media()) {
            if (files.reference(tx, caller, item.url()) instanceof Reference.Refused(var why)) {
                return Optional.of(why);
            }
        }
        return Optional.empty();
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
    Content received(Tx tx, Connection connection, TextReceived text, Moments written, Optional<StoreOutcome> fetched) {
        if (text.mediaUrl() == null) {
            return new Content(text.text(), List.of(), text.sendStyle(), Optional.empty(), written);
        }
        return switch (fetched.orElse(new StoreOutcome.Refused(MediaFailure.SENDER_BLOCKED))) {
            case StoreOutcome.Stored(var file)
            when file.organization().equals(connection.organization()) ->
                new Content(
                        text.text(),
                        List.of(received(tx, file, connection.identity(), connection.person())),
                        text.sendStyle(),
                        Optional.empty(),
                        written);
            case StoreOutcome.Stored _ -> lost(text, MediaFailure.UNAVAILABLE, written);
            case StoreOutcome.NotYet(var why) -> lost(text, why, written);
            case StoreOutcome.Refused(var why) -> lost(text, why, written);
        };
    }

    /// What the message says once a file that it was waiting for has come.
    Content joined(Tx tx, Message message, MediaFile file) {
        Content content = message.content();
        Message.Media media =
                received(tx, file, message.place().identity(), message.place().person());
        return new Content(content.text(), List.of(media), content.sendStyle(), Optional.empty(), content.moments());
    }

    /// What the message says once it is certain that its file will not come.
    static Content without(Message message, MediaFailure why) {
        Content content = message.content();
        return new Content(content.text(), List.of(), content.sendStyle(), Optional.of(why), content.moments());
    }

    /// Lets go of the files of a message that does not refer to them any more.
    void release(Tx tx, Content content) {
        files.release(tx, content.media().stream().map(Message.Media::url).toList());
    }

    /// Throws away a file that nobody has heard of.
    void discard(Tx tx, MediaFile file) {
        files.release(tx, List.of(files.url(file)));
    }

    private static Content lost(TextReceived text, MediaFailure why, Moments written) {
        return new Content(text.text(), List.of(), text.sendStyle(), Optional.of(why), written);
    }

    private Message.Media received(Tx tx, MediaFile file, Id identity, PhoneNumber person) {
        files.receive(tx, file, identity, person);
        return shown(file);
    }

    private Message.Media used(Tx tx, Id identity, MediaFile file) {
        files.use(tx, file, identity);
        return shown(file);
    }

    private Message.Media shown(MediaFile file) {
        return new Message.Media(
                files.url(file), file.contentType(), file.size(), file.title().orElse(null));
    }
}
