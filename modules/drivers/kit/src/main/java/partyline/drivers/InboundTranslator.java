package partyline.drivers;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import partyline.drivers.ServiceMessage.Media;
import partyline.drivers.ServiceMessage.Progress;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.Stranger;

/// Makes news of what a hosted service tells of messages: in its calls, and in its list, since calls get lost, and
/// none come while this server is down. `saw` hears which service somebody has. Events of other kinds (tapbacks,
/// changes) go to `inbound` itself, from [#sender]. Thread-safe.
public record InboundTranslator(LineSetup setup, Inbound inbound, BiConsumer<PhoneNumber, Service> saw) {

    public InboundTranslator(LineSetup setup, Inbound inbound, KnownServices services) {
        this(setup, inbound, (person, service) -> services.saw(person, service, setup.now()));
    }

    /// Something that a person sent; our own, that of groups, and what is for another line of the account is dropped:
    /// what calls an account is told, it is told for all of its lines.
    public void received(ServiceMessage told) {
        received(told, told.content().media());
    }

    /// The same with what came along, which was asked for.
    public void received(ServiceMessage told, List<Media> media) {
        Optional<PhoneNumber> person = sender(told);
        if (person.isPresent() && told.content().text() == null && media.isEmpty()) {
            dropped("empty");
        } else if (person.isPresent()) {
            told.service().ifPresent(service -> saw.accept(person.get(), service));
            texts(told, person.get(), media);
        }
    }

    /// Who did what is told, such as a tapback; empty when that is no news for anybody, or from a stranger: they are
    /// counted.
    public Optional<PhoneNumber> sender(ServiceMessage told) {
        Optional<PhoneNumber> person =
                told.ends().person().or(() -> setup.person(told.ends().address()));
        if (told.outbound()) {
            dropped("own");
        } else if (told.ends()
                .line()
                .filter(it -> !it.equals(setup.line().number()))
                .isPresent()) {
            dropped("other_number");
        } else if (told.ends().group()) {
            dropped("group");
        } else if (person.isEmpty()) {
            inbound.stranger(setup.id(), stranger(told));
        } else {
            return person;
        }
        return Optional.empty();
    }

    private Stranger stranger(ServiceMessage told) {
        return new Stranger(
                told.ends().address(),
                told.at().orElse(setup.now()),
                told.content().text(),
                told.service().orElse(Service.SMS));
    }

    /// How far something of ours got. That somebody turned out to have no iMessage is seen before it is told: the text
    /// then comes again.
    public void progress(ServiceMessage told) {
        told.progress()
                .failure()
                .filter(why -> why.code().equals(SendResult.Refused.NO_IMESSAGE))
                .flatMap(_ -> told.ends().person())
                .ifPresent(person -> saw.accept(person, Service.SMS));
        progress(told.id(), told.progress(), told.service());
        if (told.progress().kind().filter(kind -> kind != Receipt.Kind.FAILED).isPresent()) {
            told.service().ifPresent(service -> told.ends().person().ifPresent(person -> saw.accept(person, service)));
        }
    }

    /// The same of what the service called `id`, on `service` if it tells.
    public void progress(String id, Progress progress, Optional<Service> service) {
        progress.kind()
                .map(kind -> new Receipt(
                        setup.id(), id, kind, progress.at().orElse(setup.now()), progress.failure(), service))
                .ifPresent(inbound::receipt);
    }

    /// How far something of ours got that the list has. Sends that others made on this number, on the service's own
    /// pages for one, are none of our business.
    public void listed(ServiceMessage told) {
        if (setup.around().memory().isSent(setup.line(), told.id())) {
            progress(told);
        }
    }

    public void dropped(String reason) {
        inbound.dropped(setup.id(), reason);
    }

    /// A text carries one picture; further ones follow as texts of their own.
    private void texts(ServiceMessage told, PhoneNumber person, List<Media> media) {
        for (int part = 0; part < Math.max(1, media.size()); part++) {
            Optional<Media> file = media.stream().skip(part).findFirst();
            inbound.accept(new TextReceived(
                    setup.id(),
                    person,
                    told.at().orElse(setup.now()),
                    part == 0 ? told.id() : told.id() + "/" + part,
                    part == 0 ? told.content().text() : null,
                    file.map(Media::url).orElse(null),
                    file.map(Media::type).filter(type -> !type.isEmpty()).orElse(null),
                    file.map(Media::name).filter(name -> !name.isEmpty()).orElse(null),
                    told.service().orElse(Service.SMS),
                    told.content().sendStyle()));
        }
    }
}
