trigger PuenteMessageGuard on Puente_Message__c(before update) {
    PuenteVersionGuard.keepHigher(Trigger.new, Trigger.oldMap);
}
