package partyline.drivers.contract;

/// What every driver keeps to, whatever service is behind it. A driver's test implements this with a fake of the
/// service; what the service cannot do is left out of [FakeService#features()], and then the contract asks for a decent
/// way of doing without.
public interface DriverContract extends SendingContract, HearingContract, PresenceContract, ResilienceContract {}
