package partyline.drivers.androidsms;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Content;
import partyline.drivers.ServiceMessage.Media;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments;
import partyline.transport.Attachments.FromPerson;
import partyline.transport.Attachments.Outcome;
import partyline.transport.Driver.Download;
import partyline.transport.LineSetup;

/// The files of what people send: on the phone where its inbox has them, or inside of a call, which are kept before
/// their text is told. Thread-safe.
record AndroidSmsFiles(LineSetup setup, AndroidSmsClient client) {

    private static final Logger LOG = LoggerFactory.getLogger(AndroidSmsFiles.class);
    private static final String KEPT = "kept:";

    /// The same message with its files on our disk, from whoever has a number.
    ///
    /// @throws IOException when they cannot be kept now.
    ServiceMessage keep(ServiceMessage message) throws IOException {
        Optional<PhoneNumber> person = message.ends().person();
        List<Media> kept = new ArrayList<>();
        for (Media file : person.isPresent() ? message.content().media() : List.<Media>of()) {
            keep(file, person.orElseThrow()).ifPresent(kept::add);
        }
        return new ServiceMessage(
                message.id(),
                message.outbound(),
                message.ends(),
                new Content(message.content().text(), kept, null),
                message.service(),
                message.progress(),
                message.at());
    }

    Download download(String media) throws IOException {
        return media.startsWith(KEPT) ? new Download.Kept(media.substring(KEPT.length())) : client.file(media);
    }

    private Optional<Media> keep(Media file, PhoneNumber person) throws IOException {
        Attachments attachments = setup.around().attachments();
        byte[] bytes = Base64.getMimeDecoder().decode(file.url());
        return switch (attachments.keep(
                new FromPerson(person, file.name(), file.type(), new ByteArrayInputStream(bytes)))) {
            case Outcome.Kept(var reference) -> Optional.of(new Media(KEPT + reference, file.type(), file.name()));
            case Outcome.Refused(var why) -> {
                LOG.warn(
                        "event=media_refused line={} why=\"{}\" fix=\"the text goes without it: see the limits in media\"",
                        setup.id(),
                        why);
                yield Optional.empty();
            }
        };
    }
}
