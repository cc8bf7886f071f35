package partyline.drivers.bluebubbles;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.Rig;
import partyline.fakes.bluebubbles.FakeMac;
import partyline.transport.Driver;
import partyline.transport.Service;

/// A Mac, with the driver that speaks to it.
final class BlueBubblesService implements FakeService {

    final FakeMac mac = new FakeMac("+12025550101");
    private final Map<String, String> options;

    BlueBubblesService(Map<String, String> options) {
        this.options = options;
    }

    @Override
    public Driver driver(Rig.Program program) {
        mac.use(program.around().clock());
        Map<String, String> all =
                new HashMap<>(Map.of("url", mac.url(), "password", FakeMac.PASSWORD, "spacing_ms", "0"));
        all.putAll(options);
        return BlueBubbles.KIND.make().apply(program.setup(all));
    }

    @Override
    public Set<Feature> features() {
        return mac.features();
    }

    @Override
    public List<String> secrets() {
        return mac.secrets();
    }

    @Override
    public void next(Trouble trouble) {
        mac.next(trouble);
    }

    @Override
    public String writes(String text) {
        return mac.writes(text);
    }

    @Override
    public boolean writesOddly(String text, Oddity oddity) {
        if (oddity != Oddity.STYLE) {
            return false;
        }
        mac.writesStyled(text, "com.apple.messages.effect.CKSomersaultEffect");
        return true;
    }

    @Override
    public void writesFromAddress(String address, String text) {
        mac.writesFromAddress(address, text);
    }

    @Override
    public List<String> saidTo(String address) {
        return mac.saidTo(address);
    }

    @Override
    public void sendsFile(String name) {
        mac.sendsFile(name);
    }

    @Override
    public List<String> fileNames() {
        return mac.fileNames();
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        mac.reacts(providerId, reaction, removed);
    }

    @Override
    public void types(boolean typing) {
        mac.types(typing);
    }

    @Override
    public void reads() {
        mac.reads();
    }

    @Override
    public void has(Service service) {
        mac.has(service);
    }

    @Override
    public List<Bubble> bubbles() {
        return mac.bubbles();
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return mac.tapback(providerId);
    }

    @Override
    public boolean showsTyping() {
        return mac.showsTyping();
    }

    @Override
    public boolean showsRead() {
        return mac.showsRead();
    }

    @Override
    public void tellsAgain() {
        mac.tellsAgain();
    }

    @Override
    public void way(Way way) {
        mac.way(way);
    }

    @Override
    public void stop() {
        mac.stop();
    }

    @Override
    public void start() {
        mac.start();
    }

    @Override
    public void close() {
        mac.close();
    }
}
