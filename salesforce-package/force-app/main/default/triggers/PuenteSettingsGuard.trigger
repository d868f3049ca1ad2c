trigger PuenteSettingsGuard on Puente_Settings__c(before update) {
    PuenteVersionGuard.keepHigher(Trigger.new, Trigger.oldMap);
}
