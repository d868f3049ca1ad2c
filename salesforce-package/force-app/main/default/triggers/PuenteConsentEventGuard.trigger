trigger PuenteConsentEventGuard on Puente_Consent_Event__c(before update) {
    PuenteVersionGuard.keepHigher(Trigger.new, Trigger.oldMap);
}
