trigger PuentePersonGuard on Puente_Person__c(before update) {
    PuenteVersionGuard.keepHigher(Trigger.new, Trigger.oldMap);
}
