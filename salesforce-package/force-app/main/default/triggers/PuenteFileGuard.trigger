trigger PuenteFileGuard on ContentVersion(before insert) {
    PuenteMediaKeyGuard.dropFromNewVersions(Trigger.new);
}
