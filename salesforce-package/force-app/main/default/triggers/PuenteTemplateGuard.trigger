trigger PuenteTemplateGuard on Puente_Template__c(before update) {
    PuenteVersionGuard.keepHigher(Trigger.new, Trigger.oldMap);
}
