package partyline.drivers.androidsms;

import java.util.HashMap;
import java.util.Map;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.Rig;
import partyline.fakes.androidsms.FakeSmsGateway;
import partyline.testkit.Eventually;
import partyline.transport.Driver;

/// The fake app together with its driver.
class AndroidSmsService extends FakeSmsGateway implements FakeService {

    private final Map<String, String> more;

    AndroidSmsService(Map<String, String> more) {
        this.more = more;
    }

    /// The app on the phone, which is asked often and never calls.
    static AndroidSmsService polled() {
        return new AndroidSmsService(Map.of("poll", "20ms", "per_day", "0"));
    }

    /// The app on the phone, which calls.
    static AndroidSmsService calling() {
        return new AndroidSmsService(Map.of("poll", "20ms", "per_day", "0", "signing_key", SIGNING_KEY));
    }

    /// A server before the phone, whose calls are all that comes.
    static AndroidSmsService behindServer() {
        AndroidSmsService fake =
                new AndroidSmsService(Map.of("poll", "20ms", "per_day", "0", "signing_key", SIGNING_KEY, "mms", "on"));
        fake.isServer();
        return fake;
    }

    /// A server's phone calls us once it was told to, with the first start of a line.
    @Override
    public String writes(String text) {
        awaitCalls();
        return super.writes(text);
    }

    @Override
    public void sendsFile(String name) {
        awaitCalls();
        super.sendsFile(name);
    }

    private void awaitCalls() {
        if (more.containsKey("mms")) {
            Eventually.until(Eventually.PATIENCE, this::isTold, it -> it);
        }
    }

    @Override
    public Driver driver(Rig.Program program) {
        runOn(program.around().clock());
        Map<String, String> options = new HashMap<>(Map.of("url", url(), "username", USER, "password", PASSWORD));
        options.putAll(more);
        return AndroidSmsDriver.KIND.make().apply(program.setup(options));
    }
}
